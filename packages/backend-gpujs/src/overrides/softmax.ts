import type { Override, Spec, Tensor } from '@ashlar/core'
import { release } from '../engine/memory.ts'
import type { Handle } from '../engine/memory.ts'
import { runFold } from '../kernels/reduce.ts'
import type { Pass } from '../layout.ts'
import { passAround } from '../layout.ts'
import { divide } from '../source/indexing.ts'
import type { Program } from '../source/program.ts'
import type { Overrides, Tools } from './types.ts'

/** Up to here every element works out the largest of its line and the sum by itself: that is sooner done than another launch. */
const SHORT = 64

/** What is made of an element, from `shifted` (the element less the largest of its line) and `total`, the sum of their exponentials. */
interface Form {
  readonly name: string
  /** Arrays beside `x`, and an expression. */
  readonly arrays?: readonly string[]
  readonly result: string
  /** One element a line, the one that `label` tells, instead of all. */
  readonly picks?: boolean
}

const SOFTMAX: Form = { name: 'softmax', result: 'expOf(shifted, inf) / total' }
const LOG_SOFTMAX: Form = { name: 'logSoftmax', result: 'shifted - logOf(total, inf, nan)' }
const LOSS: Form = { name: 'softmaxCrossEntropy', arrays: ['labels'], result: '(-(shifted - logOf(total, inf, nan)))', picks: true }
const SLOPE: Form = { name: 'softmaxCrossEntropyGradient', arrays: ['heads', 'labels'], result: '(expOf(shifted, inf) / total - hit) * heads[line]' }

/** Statements that find the largest of a line that starts at `base`, and the sum. */
const STATISTICS = `let top = x[base];
      for (let i = 1; i < extent; i++) {
        let value = x[base + i * inner];
        top = maximumOf(top, value);
      }
      let total = 0.0;
      for (let j = 0; j < extent; j++) { total = total + expOf(x[base + j * inner] - top, inf); }`

function programOf({ arrays = [], result, picks = false }: Form, alone: boolean): Program {
  const place = picks
    ? `${divide('block', 'column', 'this.thread.x', 'inner')}\nlet line = this.thread.x;\nlet place = labels[line];`
    : `${divide('above', 'column', 'this.thread.x', 'inner')}\n${divide('block', 'place', 'above', 'extent')}\nlet line = block * inner + column;`
  const hit = result.includes('hit') ? 'let hit = 0.0;\nif (labels[line] === place) { hit = 1.0; }' : ''
  return {
    parameters: ['x', ...arrays, ...(alone ? [] : ['tops', 'totals']), 'inf', 'nan', 'extent', 'inner'],
    body: `${place}
      let base = block * extent * inner + column;
      ${alone ? STATISTICS : 'let top = tops[line];\nlet total = totals[line];'}
      let shifted = x[base + place * inner] - top;
      ${hit}
      return ${result};`,
  }
}

/** Softmax and what is made of it; the largest of a line is taken off first, so that nothing overflows. */
export function softmaxOverrides({ launcher, fill }: Tools): Overrides {
  const run = (form: Form, x: Tensor<Handle>, arrays: readonly Handle[], pass: Pass, out: Spec): Handle => {
    const { extent, inner } = pass
    if (x.size === 0) return fill(0, out)
    if (extent <= SHORT) return launcher.run(form.name, () => programOf(form, true), [x.handle, ...arrays, Infinity, NaN, extent, inner], out.size)
    const tops = runFold(launcher, { name: 'reduce max', kind: 'max' }, x.handle, pass)
    const totals = runFold(launcher, { name: 'sum of exponentials', kind: 'sum', arrays: ['tops'], value: 'expOf(element - tops[line], inf)' }, x.handle, pass, [tops])
    const result = launcher.run(`${form.name} of lines`, () => programOf(form, false), [x.handle, ...arrays, tops, totals, Infinity, NaN, extent, inner], out.size)
    release(tops)
    release(totals)
    return result
  }
  const along = (form: Form): Override<Handle> => (([x]: readonly [Tensor<Handle>], { axis }: { readonly axis: number }, out: Spec) =>
    run(form, x, [], passAround(x.shape, axis), out)) as unknown as Override<Handle>
  const lastOf = ({ shape }: Spec): Pass => passAround(shape, shape.length - 1)
  return {
    softmax: along(SOFTMAX),
    logSoftmax: along(LOG_SOFTMAX),
    softmaxCrossEntropy: (([x, label]: readonly [Tensor<Handle>, Tensor<Handle>], _: never, out: Spec) => run(LOSS, x, [label.handle], lastOf(x), out)) as unknown as Override<Handle>,
    softmaxCrossEntropyGradient: (([g, x, label]: readonly [Tensor<Handle>, Tensor<Handle>, Tensor<Handle>], _: never, out: Spec) =>
      run(SLOPE, x, [g.handle, label.handle], lastOf(x), out)) as unknown as Override<Handle>,
  }
}
