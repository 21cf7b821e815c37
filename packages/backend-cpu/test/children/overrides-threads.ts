import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { specOf } from '@ashlar/core'
import type { Shape } from '@ashlar/core'
import { engine } from '../../src/wasm/engine.ts'
import { Desk, generator } from '../support/work.ts'

// Runs overrides on arrays that are large enough for threads until these have done something, and prints the fingerprints of the results.

function compute(): Record<string, string> {
  const desk = new Desk()
  const next = generator(5)
  const tensor = (shape: Shape): ReturnType<Desk['tensor']> => desk.tensor('float32', shape, Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => next() * 4 - 2))
  const prints: Record<string, string> = {}
  const note = (name: string, inputs: readonly ReturnType<Desk['tensor']>[], attributes: object, shape: Shape): void => {
    const spec = specOf(shape, 'float32')
    prints[name] = createHash('sha256').update(desk.read(desk.keep(spec, desk.device.overrides![name]!(inputs, attributes as never, spec)))).digest('hex')
  }
  const [image, weight, gradient, bias] = [tensor([7, 6, 30, 31]), tensor([16, 3, 5, 3]), tensor([7, 16, 14, 31]), tensor([16])]
  const sliding = { stride: [2, 1], padding: [1, 1], dilation: [1, 1], groups: 2, kernel: [5, 3], outputPadding: [1, 0] }
  note('convolution', [image, weight, bias], sliding, [7, 16, 14, 31])
  note('convolutionGradWeight', [image, gradient], sliding, [16, 3, 5, 3])
  note('convolutionTranspose', [gradient, weight], sliding, [7, 6, 30, 31])
  const windows = { kernel: [3, 3], stride: [1, 1], dilation: [1, 1], before: [1, 1], output: [30, 31], value: 0 }
  note('unfold', [image], windows, [7, 6, 9, 30, 31])
  note('fold', [tensor([7, 6, 9, 30, 31])], windows, [7, 6, 30, 31])
  const planes = tensor([9, 16, 33, 34])
  for (const name of ['maxPool', 'avgPool']) note(name, [planes], { kernel: [3, 2], stride: [2, 2], padding: [1, 0], countIncludePad: false }, [9, 16, 17, 17])
  const [rows, other, line] = [tensor([523, 401]), tensor([523, 401]), tensor([401])]
  for (const name of ['relu', 'sigmoid']) note(name, [rows], {}, [523, 401])
  note('gelu', [rows], { approximate: false }, [523, 401])
  note('sigmoidGradient', [rows, other], {}, [523, 401])
  note('sgdStep', [rows, other], { learningRate: 0.1, wd: 0.01, rescaleGrad: 1, clipGradient: null }, [523, 401])
  note('layerNorm', [rows, line, line], { axis: 1, epsilon: 1e-5 }, [523, 401])
  note('linear', [rows, tensor([301, 401]), tensor([301])], {}, [523, 301])
  desk.clear()
  return prints
}

const { team } = engine()!
const first = compute()
while (team.size < Number(process.env['ASHLAR_THREADS'])) await setImmediate()
do assert.deepEqual(compute(), first)
while (team.size > 1 && team.helped < 20)
console.log(JSON.stringify(first))
