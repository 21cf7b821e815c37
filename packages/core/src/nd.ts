/** What remains of MXNet's legacy dialect: its samplers, whose draws differ from those of `np.random` (behaviour N-05). */
export * as random from './np-random/legacy.ts'
