/** Recurrent layers under Gluon's names: `rnn.LSTM(256)`. */
export { GRU, LSTM, RNN } from './layers.ts'
export type { RNNOptions } from './layers.ts'
export { RecurrentLayer } from './recurrent-layer.ts'
export type { BeginStateOptions, RecurrentOptions } from './recurrent-layer.ts'
