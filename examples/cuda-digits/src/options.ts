import { UserError } from '@ashlar-examples/shared/errors'
import type { Request } from '@ashlar-examples/shared/options'
import { commandOf, option, positive, readOptions, whole } from '@ashlar-examples/shared/options'
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { DeviceName, NativeBinding } from './device.ts'
import { BINDINGS, DEVICE_TYPES, isDeviceType } from './device.ts'
import type { ModelName } from './models.ts'
import { MODELS } from './models.ts'

/** What a run was asked for. */
export interface Options {
  readonly model: ModelName
  readonly ctx: DeviceName
  /** The package to compute with, where it was named. */
  readonly binding: NativeBinding | undefined
  readonly batch: number
  readonly steps: number
  readonly hidden: readonly number[]
  readonly lr: number
  readonly seed: number
  /** Whether the result is one line of JSON. */
  readonly json: boolean
}

const NAMES = Object.keys(MODELS) as readonly ModelName[]

/**
 * Reads the command line.
 *
 * @param argv the arguments, without node and the script
 * @throws UserError for what cannot be used, in one line
 */
export function parseOptions(argv: readonly string[]): Request<Options> {
  return readOptions(argv, { commandOf: program, optionsOf })
}

type Given = Partial<Options> & Pick<Options, 'model' | 'seed' | 'json'>

/** What was given, and the model's own numbers for the rest. */
function optionsOf(command: Command): Options {
  const given = command.opts<Given>()
  const { batch, steps, hidden, lr } = MODELS[given.model].defaults
  const { binding } = given
  const ctx = given.ctx ?? { type: binding === 'tfjs-node' ? 'tfjs-cpu' : 'gpu', index: 0 }
  if (binding !== undefined && !DEVICE_TYPES[ctx.type].bindings.includes(binding)) {
    const able = BINDINGS.filter(each => DEVICE_TYPES[ctx.type].bindings.includes(each))
    throw new UserError(`--binding ${binding} makes no device ${ctx.type}; ${able.length === 0 ? 'leave --binding out' : `take ${able.join(' or ')}`}, or another --ctx`)
  }
  return { batch, steps, hidden, lr, ...given, ctx, binding }
}

function program(write: (text: string) => void): Command {
  const lines = (rows: Readonly<Record<string, { readonly about: string }>>): string => Object.entries(rows).map(([name, { about }]) => `  ${name.padEnd(20)}  ${about}`).join('\n')
  const command = commandOf('node tools/run.mjs examples/cuda-digits/src/main.ts', 'Trains on handwritten digits on a GPU, and says what it ran on, how long a step took, what moved.', write)
    .addOption(option('--model <name>', 'the network, one of those below', model, 'digits'))
    .addOption(new Option('--ctx <device>', 'where to compute, one of the devices below (default: gpu)').argParser(device))
    .addOption(new Option('--binding <package>', 'what brings the device: tfjs-node-gpu, tfjs-node').argParser(bindingOf))
  return command
    .addOption(new Option('--batch <n>', 'digits for each step').argParser(whole(1, 65_536)))
    .addOption(new Option('--steps <n>', 'how many steps to train').argParser(whole(1, 1_000_000)))
    .addOption(new Option('--hidden <units>', 'units of the hidden layer; several layers: 128,64').argParser(layers))
    .addOption(new Option('--lr <rate>', "Adam's learning rate").argParser(positive(0.001)))
    .addOption(option('--seed <n>', 'first values, split and order', whole(0, 2 ** 32 - 1), 0))
    .addOption(new Option('--json', 'print the result alone, as a line of JSON').default(false, 'off'))
    .addHelpText('after', `\nNetworks:\n${lines(MODELS)}`)
    .addHelpText('after', `\nDevices:\n${lines(DEVICE_TYPES)}`)
    .addHelpText('after', '\nExample:\n  node tools/run.mjs examples/cuda-digits/src/main.ts --model cnn --ctx gpu --steps 200')
}

function oneOf<T extends string>(names: readonly T[]): (text: string) => T {
  return text => {
    const name = names.find(each => each === text)
    if (name !== undefined) return name
    throw new InvalidArgumentError(`Expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`)
  }
}

const model = oneOf(NAMES)
const bindingOf = oneOf(BINDINGS)

function device(text: string): DeviceName {
  const match = /^([a-z][\w-]*)(?:\((\d{1,4})\))?$/.exec(text)
  const type = match?.[1] ?? ''
  if (!isDeviceType(type)) throw new InvalidArgumentError(`Expected one of ${Object.keys(DEVICE_TYPES).join(', ')}, such as gpu or gpu(0)`)
  return { type, index: Number(match![2] ?? 0) }
}

/** A slip of the keyboard must not ask for terabytes. */
const unitsOf: (text: string) => number = whole(1, 16_384)

function layers(text: string): readonly number[] {
  const parts = text.split(',').map(part => part.trim())
  try {
    if (parts.length <= 8) return parts.map(unitsOf)
  } catch {
    // Said below, for the list as a whole.
  }
  throw new InvalidArgumentError('Expected 1 to 8 whole numbers from 1 to 16384, such as 128 or 2048,2048')
}
