/** Layers, under the names of `gluon.contrib.nn`. */
export { Concurrent, HybridConcurrent, Identity } from '@ashlar/nn'
