import { gpujs } from '@ashlar/backend-gpujs'
import { testBackend } from '@ashlar/backend-kit'
import { afterAll, expect } from 'vitest'
import { texturesOnCpu } from './support/textures.ts'

// The way of mode webgpu, whose kernels answer with promises.
const log = texturesOnCpu({ promises: true })
testBackend({ backend: gpujs({ mode: 'webgpu', load: log.load }) })

afterAll(() => {
  expect(log.launches.length).toBeGreaterThan(1000)
})
