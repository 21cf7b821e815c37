/** Each package's folder, and the packages it may depend on. The one place that says so. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'backend-cpu': ['core'],
  'backend-tfjs-cuda': ['core'],
  'backend-gpujs': ['core'],
  'backend-kit': ['core'],
  device: ['core'],
  init: ['core'],
  io: ['core'],
  nn: ['core', 'init', 'io', 'device'],
  optim: ['core', 'nn', 'io'],
  data: ['core'],
  ashlar: ['core', 'backend-cpu', 'nn', 'init', 'io', 'device', 'optim', 'data'],
}
