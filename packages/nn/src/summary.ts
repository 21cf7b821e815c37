import { autograd, internal, formatShape, isNDArray } from '@ashlar/core'
import type { Block } from './block.ts'
import { familyOf } from './family.ts'
import type { HookHandle } from './hooks.ts'
import { isContainer } from './built-in.ts'
import type { Parameter } from './parameter.ts'

interface Row {
  readonly layer: string
  readonly shape: string
  readonly parameters: number
}

const line = ({ layer, shape, parameters }: { layer: string; shape: string; parameters: number | string }): string =>
  `${layer.padStart(20)}  ${shape.padStart(42)} ${String(parameters).padStart(15)}`

/** `(2, 20)` for an array; lists of arrays keep their brackets, but for the outermost. */
function shapeText(value: unknown, nested = false): string {
  if (isNDArray(value)) return formatShape(value.shape)
  if (!Array.isArray(value)) return String(value)
  const list = value.map(entry => shapeText(entry, true)).join(', ')
  return nested ? `[${list}]` : list
}

const sizeOf = (parameter: Parameter): number => (parameter.shape ?? [0]).reduce((size, extent) => size * Math.max(extent, 0), 1)

/** Runs a network once, watching, and tells what each of its layers gave and holds (behaviour B-3.16). */
export function summarize(block: Block, inputs: readonly unknown[]): string {
  const rows: Row[] = [{ layer: 'Input', shape: shapeText(inputs), parameters: 0 }]
  const seen = new Set<Parameter>()
  const counts = { total: 0, trainable: 0, shared: 0 }
  const watch = (layer: Block, _inputs: readonly unknown[], output: unknown): void => {
    let parameters = 0
    for (const parameter of layer.params.values()) {
      const size = sizeOf(parameter)
      parameters += size
      if (parameter.gradReq !== 'null') counts.trainable += size
      if (seen.has(parameter)) counts.shared += size
      seen.add(parameter)
    }
    counts.total += parameters
    rows.push({ layer: `${layer.constructor.name}-${rows.length}`, shape: shapeText(output), parameters })
  }
  const handles: HookHandle[] = []
  try {
    for (const layer of familyOf(block)) if (!isContainer(layer)) handles.push(layer.registerForwardHook(watch))
    autograd.pause(() => internal(() => void block(...inputs)))
  } finally {
    for (const handle of handles) handle.detach()
  }
  const { total, trainable, shared } = counts
  return [
    '-'.repeat(80),
    line({ layer: 'Layer (type)', shape: 'Output Shape', parameters: 'Param #' }),
    '='.repeat(80),
    ...rows.map(line),
    '='.repeat(80),
    'Parameters in forward computation graph, duplicate included',
    `   Total params: ${total}`,
    `   Trainable params: ${trainable}`,
    `   Non-trainable params: ${total - trainable}`,
    `Shared params in forward computation graph: ${shared}`,
    `Unique parameters in model: ${total - shared}`,
    '-'.repeat(80),
  ].join('\n')
}
