import { AssertionError, describe } from '@ashlar/core'
import { Initializer } from './initializer.ts'
import { Constant, Normal, One, Uniform, Zero } from './simple.ts'
import { MSRAPrelu, Xavier } from './xavier.ts'

/** An initializer, the name of one (`'xavier'`), or what `dumps()` gave. */
export type InitializerLike = Initializer | string

type Factory = (kwargs: Record<string, unknown>) => Initializer

/** Options in files have snake_case names; constructors take camelCase. */
const camel = (kwargs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]))

const own = new Map<string, Factory>()

const builtIn: Readonly<Record<string, Factory>> = {
  zeros: () => new Zero(),
  zero: () => new Zero(),
  ones: () => new One(),
  one: () => new One(),
  constant: kwargs => new Constant((kwargs.value ?? 0) as number),
  uniform: kwargs => new Uniform(kwargs),
  normal: kwargs => new Normal(kwargs),
  xavier: kwargs => new Xavier(kwargs),
  msraprelu: kwargs => new MSRAPrelu(kwargs),
}

/** Makes a class known to {@link create} under its lower-case name, or under `name`. Returns the class. */
export function register<T extends new (...args: never[]) => Initializer>(initializer: T, name: string = initializer.name): T {
  own.set(name.toLowerCase(), kwargs => new initializer(kwargs as never))
  return initializer
}

/**
 * The initializer that a value stands for.
 *
 * @throws AssertionError `foo is not registered. Please register with initializer.register first`
 * @example
 * ```ts
 * import { create } from '@ashlar/init'
 * console.log(create('["normal", {"sigma": 0.5}]').dumps())
 * // ["normal", {"sigma": 0.5}]
 * ```
 */
export function create(value: InitializerLike): Initializer {
  if (value instanceof Initializer) return value
  if (typeof value !== 'string') throw new AssertionError(`expected an initializer or its name, got ${describe(value)}`, { op: 'init.create' })
  const [name, kwargs] = parse(value)
  const factory = own.get(name) ?? (Object.hasOwn(builtIn, name) ? builtIn[name] : undefined)
  if (factory === undefined) throw new AssertionError(`${name} is not registered. Please register with initializer.register first`, { op: 'init.create', hint: `known: ${[...Object.keys(builtIn), ...own.keys()].join(', ')}` })
  return factory(camel(kwargs))
}

function parse(text: string): [string, Record<string, unknown>] {
  if (!text.startsWith('[')) return [text.toLowerCase(), {}]
  try {
    const [name, kwargs] = JSON.parse(text) as [string, Record<string, unknown>]
    return [String(name).toLowerCase(), kwargs ?? {}]
  } catch (cause) {
    throw new AssertionError(`'${text}' is no initializer: expected a name or ["name", {options}]`, { op: 'init.create', cause })
  }
}
