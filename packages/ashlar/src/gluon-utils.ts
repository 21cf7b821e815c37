/** Batches over several devices, and gradients clipped together, under Gluon's names. */
export { clipGlobalNorm, clipGlobalNormAsync, splitAndLoad, splitData } from '@ashlar/device'
