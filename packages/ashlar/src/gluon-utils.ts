/** Batches over several devices, under Gluon's names. */
export { splitAndLoad, splitData } from '@ashlar/device'
