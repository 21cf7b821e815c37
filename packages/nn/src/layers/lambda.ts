import { AssertionError, ValueError, describe, np, npx } from '@ashlar/core'
import type { BlockOptions } from '../block.ts'
import { Block } from '../block.ts'
import { HybridBlock } from '../hybrid-block.ts'
import { checkNames } from '../options.ts'
import { BLOCK_NAMES } from './options.ts'

/** What a Lambda runs; it takes and gives what it likes. */
// A parameter type narrower than `any` would refuse functions of arrays.
// eslint-disable-next-line typescript/no-explicit-any
export type LambdaFunction = (...inputs: any[]) => any

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** A function of npx or np by its name, also by Python's: `'leaky_relu'`. */
function lookUp(name: string, place: string): LambdaFunction {
  for (const namespace of [npx, np] as readonly object[]) {
    const found = (namespace as Record<string, unknown>)[camelCase(name)]
    if (Object.hasOwn(namespace, camelCase(name)) && typeof found === 'function') return found as LambdaFunction
  }
  throw new AssertionError(`Function name ${name} is not found in ${place}.`, { op: 'Lambda', hint: 'name a function of npx or np, or give the function itself' })
}

/** A function and how it is printed. @throws AssertionError for an unknown name, ValueError for anything else */
function resolve(fn: string | LambdaFunction, place: string): { run: LambdaFunction; name: string } {
  if (typeof fn === 'string') return { run: lookUp(fn, place), name: fn }
  if (typeof fn === 'function') return { run: fn, name: fn.name === '' ? '<lambda>' : fn.name }
  throw new ValueError(`Unrecognized function in lambda: ${describe(fn)}`, { op: 'Lambda', hint: 'give a function, or the name of one' })
}

/**
 * A function as a block, or one of npx or np by its name.
 *
 * @example
 * ```ts
 * import { np, registerBackend, type NDArray } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Lambda } from '@ashlar/nn'
 *
 * registerBackend(cpuBackend())
 * console.log(new Lambda('relu')(np.array([-1, 2])))
 * // array([0., 2.])
 * console.log(new Lambda((x: NDArray) => x.add(1))(np.array([-1, 2])))
 * // array([0., 3.])
 * ```
 */
export class Lambda extends Block {
  readonly #function: LambdaFunction
  readonly #functionName: string

  /** @throws AssertionError `Function name … is not found in ndarray.`, ValueError for what is neither name nor function */
  constructor(fn: string | LambdaFunction, options: BlockOptions = {}) {
    const { run, name } = resolve(fn, 'ndarray')
    super(checkNames(options, BLOCK_NAMES, 'Lambda'))
    this.#function = run
    this.#functionName = name
  }

  // Not marked as built in: what the function makes, it may keep.
  override forward(...inputs: Parameters<LambdaFunction>): ReturnType<LambdaFunction> {
    return this.#function(...inputs)
  }

  override toString(): string {
    return `${this.constructor.name}(${this.#functionName})`
  }
}

/** {@link Lambda} for a function that can be traced: what it does depends on shapes and dtypes, not on values. */
export class HybridLambda extends HybridBlock {
  readonly #function: LambdaFunction
  readonly #functionName: string

  /** @throws AssertionError `Function name … is not found in symbol/ndarray.`, ValueError for what is neither name nor function */
  constructor(fn: string | LambdaFunction, options: BlockOptions = {}) {
    const { run, name } = resolve(fn, 'symbol/ndarray')
    super(checkNames(options, BLOCK_NAMES, 'HybridLambda'))
    this.#function = run
    this.#functionName = name
  }

  override forward(...inputs: Parameters<LambdaFunction>): ReturnType<LambdaFunction> {
    return this.#function(...inputs)
  }

  override toString(): string {
    return `${this.constructor.name}(${this.#functionName})`
  }
}
