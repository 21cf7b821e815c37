import { broadcastShapes, isFloat, specOf } from '@ashlar/core'
import type { CompareKind, DType } from '@ashlar/core'
import type { Kit } from '../case.ts'
import { expectElements, expectReference, formatInput, input, list } from '../program.ts'
import type { Input, Program } from '../program.ts'
import { randomFrom } from '../random.ts'
import { allPairs, broadcastPairs } from './binary.ts'
import { as, extremes, numberDTypes } from './dtypes.ts'

export const compareKinds: readonly CompareKind[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']

/** A program that compares two inputs. */
export function applyCompare(kind: CompareKind, a: Input, b: Input): Program {
  const out = specOf(broadcastShapes(a.shape, b.shape, kind), 'bool')
  return {
    label: `compare ${kind} of ${formatInput(a)} and ${formatInput(b)}`,
    inputs: [a, b],
    out,
    call: (kernels, x, y) => kernels.compare(kind, x!, y!, out),
  }
}

/** A program that chooses between two inputs. */
export function applyWhere(condition: Input, a: Input, b: Input): Program {
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape, 'where'), 'where')
  const out = specOf(shape, a.dtype)
  return {
    label: `where of ${[condition, a, b].map(formatInput).join(' and ')}`,
    inputs: [condition, a, b],
    out,
    call: (kernels, x, y, z) => kernels.where(x!, y!, z!, out),
  }
}

function specialsOf(dtype: DType): Input[] {
  if (dtype === 'bool') return allPairs(dtype, [0, 1])
  if (isFloat(dtype)) return allPairs(dtype, [NaN, Infinity, -Infinity, 0, -0, 1, -1.5])
  return allPairs(dtype, as(dtype, [0, 1, -1, 5, ...extremes(dtype)]))
}

/** Comparisons and choices in every dtype, with NaN, ties and every rule of broadcasting. */
export function compareCases({ add }: Kit): void {
  for (const dtype of [...numberDTypes, 'bool'] as const) {
    const [a, b] = specialsOf(dtype) as [Input, Input]
    const random = (shape: readonly number[], seed: number): Input =>
      ({ ...specOf(shape, dtype), data: randomFrom(seed).values(dtype, shape) })
    for (const kind of compareKinds) {
      add(`compare ${kind} ${dtype}`, [dtype, 'bool'], async device => {
        await expectReference(device, applyCompare(kind, a, b))
        for (const [i, [left, right]] of broadcastPairs.entries()) {
          await expectReference(device, applyCompare(kind, random(left, i), random(right, i + 100)))
        }
      })
    }
    add(`where ${dtype}`, [dtype, 'bool'], async device => {
      const flags = (shape: readonly number[], seed: number): Input =>
        ({ ...specOf(shape, 'bool'), data: randomFrom(seed).values('bool', shape) })
      await expectReference(device, applyWhere(flags(a.shape, 1), a, b), { signedZero: true })
      for (const [i, [left, right]] of broadcastPairs.entries()) {
        const both = broadcastShapes(left, right, 'where')
        await expectReference(device, applyWhere(flags(left, i), random(right, i + 100), random(both, i + 200)))
        await expectReference(device, applyWhere(flags(both, i), random(left, i + 100), random(right, i + 200)))
        await expectReference(device, applyWhere(flags([], i), random(left, i + 100), random(right, i + 200)))
      }
    })
  }
  add('where does not mix in what it leaves out', ['float32', 'bool'], device =>
    // A choice by multiplication would let the NaN through.
    expectElements(
      device,
      applyWhere(list('bool', [1, 0, 1, 0]), list('float32', [1, NaN, 3, Infinity]), input('float32', [4], [NaN, 2, Infinity, 4])),
      [1, 2, 3, 4],
    ))
}
