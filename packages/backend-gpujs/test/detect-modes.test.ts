import { detectModes } from '@ashlar/backend-gpujs'
import { describe, expect, it } from 'vitest'

describe('detectModes', () => {
  it('reports a missing package with the command that mends it', async () => {
    const report = await detectModes(() => Promise.reject(new Error("Cannot find package 'gpu.js'\nmore")))
    expect(report).toMatchObject({ installed: false, modes: [] })
    expect(report.hint).toMatch(/^npm install gpu\.js@2\.24\.1/)
    expect(report.hint).not.toContain('\n')
  })

  it('lists GPU modes only, although gpu.js calls its WebAssembly mode a GPU', async () => {
    const none = await detectModes(async () => ({ GPU: { isGPUSupported: true } }))
    expect(none).toMatchObject({ installed: true, modes: [] })
    expect(none.hint).toContain("'gl'")
    const both = await detectModes(async () => ({ default: { GPU: { isHeadlessGLSupported: true, isWebGL2Supported: true } } }))
    expect(both).toEqual({ installed: true, modes: ['webgl2', 'headlessgl'], engines: ['cpu'], hint: '' })
  })
})
