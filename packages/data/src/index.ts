/**
 * Datasets, and loaders that read them in batches.
 *
 * @packageDocumentation
 */
export { ArrayDataset } from './array-dataset.ts'
export type { Column, ItemOf } from './array-dataset.ts'
export { batchify } from './batchify.ts'
export type { Batch } from './batchify.ts'
export { BaseDataset } from './dataset.ts'
export type { Dataset, FirstReplaced, Parts } from './dataset.ts'
export { DataLoader } from './loader.ts'
export type { DataLoaderOptions } from './loader.ts'
export { BatchSampler, RandomSampler, SequentialSampler } from './sampler.ts'
export type { LastBatch, Sampler } from './sampler.ts'
export { trainTestSplit } from './split.ts'
export type { Labels, SplitOptions } from './split.ts'
