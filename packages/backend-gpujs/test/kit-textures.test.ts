import { gpujs } from '@ashlar/backend-gpujs'
import { testBackend } from '@ashlar/backend-kit'
import { afterAll, expect } from 'vitest'
import { texturesOnCpu } from './support/textures.ts'

// The way of a GPU mode, with gpu.js's cpu mode behind it: uploads by kernel, textures freed once, an instance for each size.
const log = texturesOnCpu()
testBackend({ backend: gpujs({ load: log.load }) })

afterAll(() => {
  expect(log.launches.length).toBeGreaterThan(1000)
  // Failing tests, of which the skip list has twelve, leave behind what they made before they failed.
  expect(log.live).toBeLessThan(50)
})
