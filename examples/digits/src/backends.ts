import type { Backend } from 'ashlar'

/** A package that brings devices, and its promise of a backend. Only what is asked for is imported. */
interface Source {
  readonly name: string
  readonly load: () => Promise<Backend>
}

const tfjs = (binding: 'tfjs-node-gpu' | 'cpu' | 'wasm'): Source => ({
  name: '@ashlar/backend-tfjs-cuda',
  load: async () => (await import('@ashlar/backend-tfjs-cuda')).tfjsCuda({ binding }),
})

const gpujs = (mode: 'auto' | 'cpu' | 'webasm'): Source => ({
  name: '@ashlar/backend-gpujs',
  load: async () => (await import('@ashlar/backend-gpujs')).gpujs({ mode }),
})

/** A type of device: what it is, and what brings it, the preferred one first. */
interface DeviceType {
  readonly about: string
  readonly sources: readonly Source[]
}

/** The types of devices that the demo can get, beside those of backends that are registered already. */
export const DEVICE_TYPES: Readonly<Record<string, DeviceType>> = {
  'cpu': { about: 'plain TypeScript, always there', sources: [] },
  'gpu': { about: 'CUDA through TensorFlow, else OpenGL through gpu.js', sources: [tfjs('tfjs-node-gpu'), gpujs('auto')] },
  'tfjs-cpu': { about: 'TensorFlow.js in plain JavaScript', sources: [tfjs('cpu')] },
  'tfjs-wasm': { about: 'TensorFlow.js in WebAssembly', sources: [tfjs('wasm')] },
  'gpujs-cpu': { about: 'gpu.js in plain JavaScript', sources: [gpujs('cpu')] },
  'gpujs-webasm': { about: 'gpu.js in WebAssembly', sources: [gpujs('webasm')] },
}
