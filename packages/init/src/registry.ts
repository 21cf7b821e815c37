import { AssertionError, describe, warn } from '@ashlar/core'
import { Initializer } from './initializer.ts'
import { Orthogonal } from './orthogonal.ts'
import { Bilinear, LSTMBias } from './shaped.ts'
import { Constant, Normal, One, Uniform, Zero } from './simple.ts'
import { MSRAPrelu, Xavier } from './xavier.ts'

/** An initializer, the name of one (`'xavier'`), or what `dumps()` gave. */
export type InitializerLike = Initializer | string

/** A class whose constructor takes its options. */
type InitializerClass = new (...args: never[]) => Initializer
type Options = Record<string, unknown>
type Factory = (options: Options) => Initializer

/** Options in files have snake_case names; constructors take camelCase. */
const camel = (kwargs: Options): Options =>
  Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]))

const own = new Map<string, Factory>()

const builtIn: Readonly<Record<string, Factory>> = {
  zeros: options => new Zero(options as never),
  zero: options => new Zero(options as never),
  ones: options => new One(options as never),
  one: options => new One(options as never),
  constant: ({ value = 0, ...rest }) => new Constant(value as number, rest as never),
  uniform: options => new Uniform(options),
  normal: options => new Normal(options),
  xavier: options => new Xavier(options),
  msraprelu: options => new MSRAPrelu(options),
  orthogonal: options => new Orthogonal(options),
  bilinear: options => new Bilinear(options as never),
  lstmbias: options => new LSTMBias(options),
}

/** The option that names the class in the form `{"initializer": "xavier", …}`. */
const NAME = 'initializer'

/**
 * Makes a class known to {@link create} under its lower-case name, or under `name`. Returns the class. A name that is taken
 * means the new class from then on, with a warning.
 */
export function register<T extends InitializerClass>(initializer: T, name: string = initializer.name): T {
  return alias(initializer, name)
}

/** As {@link register}, under several names. */
export function alias<T extends InitializerClass>(initializer: T, ...names: readonly string[]): T {
  for (const name of names) {
    const key = name.toLowerCase()
    if (own.has(key) || Object.hasOwn(builtIn, key)) warn(`New initializer ${initializer.name} registered with name ${key} is overriding an existing initializer`)
    own.set(key, options => new initializer(options as never))
  }
  return initializer
}

/**
 * The initializer that a value stands for: itself, a registered name in any case, `["xavier", {options}]` as `dumps()` gives it,
 * or `{"initializer": "xavier", …options}`. Options may be in snake_case, as files have them.
 *
 * @param options for a name alone, the options of its constructor
 * @throws AssertionError `foo is not registered. Please register with initializer.register first`; for options, what the
 *   constructor throws
 * @example
 * ```ts
 * import { create } from '@ashlar/init'
 * console.log(create('["normal", {"sigma": 0.5}]').dumps())
 * // ["normal", {"sigma": 0.5}]
 * console.log(create('xavier', { magnitude: 2 }).dumps())
 * // ["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 2}]
 * ```
 */
export function create(value: InitializerLike, options: Readonly<Record<string, unknown>> = {}): Initializer {
  if (value instanceof Initializer) {
    if (Object.keys(options).length > 0) throw new AssertionError('options go with the name of an initializer, not with one that is made', { op: 'init.create' })
    return value
  }
  if (typeof value !== 'string') throw new AssertionError(`expected an initializer or its name, got ${describe(value)}`, { op: 'init.create' })
  const [name, kwargs] = parse(value)
  const factory = own.get(name) ?? (Object.hasOwn(builtIn, name) ? builtIn[name] : undefined)
  if (factory === undefined) throw new AssertionError(`${name} is not registered. Please register with initializer.register first`, { op: 'init.create', hint: `known: ${[...new Set([...Object.keys(builtIn), ...own.keys()])].join(', ')}` })
  return factory(camel({ ...kwargs, ...options }))
}

function parse(text: string): [string, Options] {
  if (!/^[[{]/.test(text)) return [text.toLowerCase(), {}]
  const refuse = (cause?: unknown): never => {
    throw new AssertionError(`'${text}' is no initializer: expected a name, ["name", {options}] or {"${NAME}": "name", …options}`, { op: 'init.create', cause })
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    return refuse(cause)
  }
  const [name, kwargs] = Array.isArray(parsed) ? [parsed[0] as unknown, (parsed[1] ?? {}) as unknown] : split(parsed as Options)
  if (typeof name !== 'string' || typeof kwargs !== 'object' || kwargs === null || Array.isArray(kwargs)) return refuse()
  return [name.toLowerCase(), kwargs as Options]
}

const split = ({ [NAME]: name, ...kwargs }: Options): [unknown, Options] => [name, kwargs]
