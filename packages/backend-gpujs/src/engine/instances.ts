import { helpersOf } from '../source/functions/index.ts'
import { sourceOf } from '../source/program.ts'
import type { Program } from '../source/program.ts'
import type { GpujsEngine, GpujsInput, GpujsKernel, KernelArgument } from './gpujs.ts'
import type { Handle } from './memory.ts'

/**
 * What a mode gives and takes: arrays in host memory; textures, on which changing an instance's output size is slow and leaks; or
 * promises of buffers on the GPU.
 */
export type Results = 'host' | 'textures' | 'promises'

/** What a kernel is launched with: arrays, which must not be empty, and numbers. */
export type LaunchArgument = Handle | number

/** Sizes for which a kernel gets an instance of its own on a GPU; programs of more varied shapes share one. */
const INSTANCES = 64

/** A kernel with all extents and strides the same is compiled for them at this launch: a loop that goes on, rather than a passage. */
const HOT = 3

/** Launches of other shapes that are counted at a time. */
const COUNTED = 256

/** Numbers that differ from call to call in whatever program has them. */
const ALWAYS_VARYING: readonly string[] = ['inf', 'nan', 'value']

/** A kernel, and which of a program's parameters it takes. */
export interface Instance {
  readonly kernel: GpujsKernel
  readonly takes: readonly number[]
}

/** A program with its kernels. */
interface Family {
  readonly program: Program
  /** The places of parameters that are extents or strides, and of all others that the program uses. */
  readonly layout: readonly number[]
  readonly others: readonly number[]
  readonly used: readonly number[]
  /** What takes host arrays is compiled for any. */
  readonly specializes: boolean
  /** Instances by output size, on textures, and one for all sizes beyond the most. */
  readonly bySize: Map<number, Instance>
  shared: Instance | null
  /** Instances by all extents, strides and lengths, and how often others were launched. */
  readonly byLayout: Map<string, Instance>
  readonly launches: Map<string, number>
}

/**
 * Compiles kernels. At first a kernel takes extents and strides as arguments. On a GPU that costs a division by an unknown number each time that an
 * element is read, so what is launched again and again is compiled for its very shapes: three times as fast, and fewer arguments to hand over.
 */
export class Instances {
  readonly #engine: GpujsEngine
  readonly #results: Results
  readonly #families: Map<string, Family> = new Map()

  constructor(engine: GpujsEngine, results: Results) {
    this.#engine = engine
    this.#results = results
  }

  /** The kernel for a launch, with its output of that size; where results are promises, that is left to the launch, whose turn comes later. */
  find(name: string, make: () => Program, values: readonly (LaunchArgument | GpujsInput)[], size: number): Instance {
    let family = this.#families.get(name)
    if (family === undefined) this.#families.set(name, (family = familyOf(make(), values)))
    if (!family.specializes || this.#results === 'promises') return this.#general(family, size)
    const key = layoutKey(family, values, size)
    const known = family.byLayout.get(key)
    if (known !== undefined) return known
    if (family.byLayout.size < INSTANCES && isHot(family, key)) {
      const special = { kernel: this.#compile(specialized(family, values), size, false), takes: family.others }
      family.byLayout.set(key, special)
      return special
    }
    return this.#general(family, size)
  }

  #general(family: Family, size: number): Instance {
    const known = family.bySize.get(size)
    if (known !== undefined) return known
    const own = this.#results === 'textures' && family.bySize.size < INSTANCES
    if (!own && family.shared !== null) {
      if (this.#results !== 'promises') family.shared.kernel.setOutput([size])
      return family.shared
    }
    const { program, used } = family
    const instance = { kernel: this.#compile({ ...program, parameters: used.map(i => program.parameters[i]!) }, size, true), takes: used }
    if (own) family.bySize.set(size, instance)
    else family.shared = instance
    return instance
  }

  #compile(program: Program, size: number, dynamic: boolean): GpujsKernel {
    const source = sourceOf(program)
    return this.#engine.createKernel(source, {
      output: [size],
      functions: helpersOf(source),
      precision: 'single',
      tactic: 'precision',
      pipeline: true,
      immutable: true,
      dynamicOutput: dynamic,
      dynamicArguments: dynamic,
      // Loops whose bound is an argument stop here, silently: the default is 1000.
      loopMaxIterations: 1e9,
    })
  }
}

function familyOf(program: Program, values: readonly unknown[]): Family {
  const { parameters, body, varying = [] } = program
  // Each argument costs a call into the driver, though the program may have no use for it.
  const used = [...parameters.keys()].filter(i => typeof values[i] !== 'number' || new RegExp(`\\b${parameters[i]}\\b`).test(body))
  const isLayout = (i: number): boolean => typeof values[i] === 'number' && !varying.includes(parameters[i]!) && !ALWAYS_VARYING.includes(parameters[i]!)
  return {
    program, used, specializes: values.every(value => typeof value === 'number' || 'owner' in (value as object)), layout: used.filter(isLayout), others: used.filter(i => !isLayout(i)), bySize: new Map(), shared: null, byLayout: new Map(), launches: new Map(),
  }
}

function layoutKey({ layout, others }: Family, values: readonly (LaunchArgument | GpujsInput)[], size: number): string {
  let key = `${size}`
  for (const i of layout) key += `,${values[i] as number}`
  // The extents of a texture follow from the length.
  for (const i of others) if (typeof values[i] !== 'number') key += `;${(values[i] as Handle).length}`
  return key
}

function isHot({ launches }: Family, key: string): boolean {
  const count = (launches.get(key) ?? 0) + 1
  if (count < HOT) {
    if (launches.size >= COUNTED) launches.clear()
    launches.set(key, count)
    return false
  }
  launches.delete(key)
  return true
}

/** The program with its extents and strides written out. */
function specialized({ program: { parameters, body }, layout, others }: Family, values: readonly unknown[]): Program {
  const numbers = layout.map(i => `let ${parameters[i]} = (${values[i] as number});`)
  return { parameters: others.map(i => parameters[i]!), body: [...numbers, body].join('\n') }
}

/** What gpu.js takes for an argument, of those that an instance takes. */
export function argumentsFor({ takes }: Instance, values: readonly (LaunchArgument | KernelArgument)[], argumentOf: (value: LaunchArgument | KernelArgument) => KernelArgument): KernelArgument[] {
  const given = new Array<KernelArgument>(takes.length)
  for (let i = 0; i < takes.length; i++) given[i] = argumentOf(values[takes[i]!]!)
  return given
}
