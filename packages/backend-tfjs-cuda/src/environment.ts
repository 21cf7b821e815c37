/** The parts of Node that we ask for; this package runs in browsers too. */
export interface NodeProcess {
  readonly env?: Record<string, string | undefined>
  getBuiltinModule?(name: string): Record<string, unknown> | undefined
}

/** The process, where there is one. */
export const node = (): NodeProcess => (globalThis as { process?: NodeProcess }).process ?? {}

/** Has TensorFlow take a GPU's memory as it needs it, not all at once, unless the environment says otherwise. It reads that while it loads. */
export function allowGrowth(): void {
  const env = node().env
  if (env !== undefined) env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
}

/** Node 23 dropped functions of `util` that tfjs-node 4.22.0 calls in every kernel. It has to find them before it loads; where they are there, nothing is touched. */
export function restoreUtil(): void {
  const util = node().getBuiltinModule?.('util')
  if (util === undefined) return
  util['isNullOrUndefined'] ??= (value: unknown) => value == null
  util['isArray'] ??= Array.isArray
}

/** What an environment hides from TensorFlow, in a line; nothing where all GPUs are visible. */
export function hiddenDevices(): string | undefined {
  const visible = node().env?.['CUDA_VISIBLE_DEVICES']
  return visible === undefined || /^\s*\d/.test(visible) ? undefined : `CUDA_VISIBLE_DEVICES=${visible}`
}
