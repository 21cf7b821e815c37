import type { HelperFunction } from '../../engine/gpujs.ts'
import { exponential } from './exponential.ts'
import { pairs } from './pairs.ts'
import { rounding } from './rounding.ts'
import { trigonometric } from './trigonometric.ts'

/**
 * Every function that kernels call, by name. gpu.js writes them out in an order that GLSL refuses where a function that
 * calls others can be reached in two ways; so each such one has a single way to it.
 */
export const FUNCTIONS: Readonly<Record<string, string>> = { ...exponential, ...trigonometric, ...rounding, ...pairs }

/** The functions that a kernel's source calls, directly or through another, callees first. */
export function helpersOf(source: string): HelperFunction[] {
  const found = new Map<string, string>()
  const visit = (text: string): void => {
    for (const [, name] of text.matchAll(/\b([a-z]\w*)\(/g)) {
      const callee = FUNCTIONS[name!]
      if (callee === undefined || callee === text || found.has(name!)) continue
      visit(callee)
      found.set(name!, callee)
    }
  }
  visit(source)
  return [...found].map(([name, text]) => {
    const parameters = text.slice(text.indexOf('(') + 1, text.indexOf(')')).split(',')
    return { source: text, settings: { name, argumentTypes: parameters.map(() => 'Number'), returnType: 'Number' } }
  })
}
