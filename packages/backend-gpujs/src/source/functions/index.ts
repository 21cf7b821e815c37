import type { HelperFunction } from '../../engine/gpujs.ts'
import { activations } from './activations.ts'
import { exponential } from './exponential.ts'
import { pairs } from './pairs.ts'
import { rounding } from './rounding.ts'
import { trigonometric } from './trigonometric.ts'

/** Every function that kernels call, by name. */
export const FUNCTIONS: Readonly<Record<string, string>> = { ...exponential, ...trigonometric, ...rounding, ...pairs, ...activations }

const CALL = /\b([a-z]\w*)\(/g

/** The functions of ours that a text calls. */
function calleesOf(text: string): string[] {
  const names = [...text.slice(text.indexOf('{')).matchAll(CALL)].map(match => match[1]!)
  return [...new Set(names)].filter(name => name in FUNCTIONS)
}

/**
 * The functions that a kernel's source calls, directly or through another, callees first. gpu.js writes functions out in an order that GLSL refuses
 * where one that calls others can be reached in two ways; so each way but the first gets a copy under a name of its own.
 */
export function helpersOf(source: string): HelperFunction[] {
  const found = new Map<string, string>()
  const direct = calleesOf(source)
  const taken = new Set(direct)
  const add = (name: string, as: string): void => {
    if (found.has(as)) return
    const renamed = new Map(calleesOf(FUNCTIONS[name]!).map(callee => [callee, nameFor(callee)]))
    for (const [callee, own] of renamed) add(callee, own)
    found.set(as, FUNCTIONS[name]!.replaceAll(CALL, (call, called: string) => (called === name ? `${as}(` : renamed.has(called) ? `${renamed.get(called)}(` : call)))
  }
  const nameFor = (name: string): string => {
    if (calleesOf(FUNCTIONS[name]!).length === 0) return name
    let own = name
    for (let copy = 2; taken.has(own); copy++) own = `${name}${copy}`
    taken.add(own)
    return own
  }
  for (const name of direct) add(name, name)
  return [...found].map(([name, text]) => {
    const parameters = text.slice(text.indexOf('(') + 1, text.indexOf(')')).split(',')
    return { source: text, settings: { name, argumentTypes: parameters.map(() => 'Number'), returnType: 'Number' } }
  })
}
