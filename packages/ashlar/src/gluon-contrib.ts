/** What Gluon keeps under `gluon.contrib`. */
export * as nn from './gluon-contrib-nn.ts'
