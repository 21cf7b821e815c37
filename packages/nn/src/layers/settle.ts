import type { NDArray, Shape } from '@ashlar/core'
import { AshlarError, formatShape } from '@ashlar/core'
import type { Block } from '../block.ts'
import type { Parameter } from '../parameter.ts'
import { compatible } from '../parameter-options.ts'

/**
 * Completes parameters' shapes from the first input, and draws what was waiting for them, in the order given.
 *
 * @param shapes what each parameter's shape has to be for this input
 * @throws AshlarError `Shape inconsistent` where a known shape differs; nothing is changed then
 */
export function settle(layer: Block, x: NDArray, shapes: readonly (readonly [Parameter | null, Shape])[]): void {
  for (const [parameter, shape] of shapes) {
    if (parameter === null || compatible(parameter.shape!, shape)) continue
    throw new AshlarError(`Shape inconsistent, Provided = [${parameter.shape!.join(',')}], inferred shape=${formatShape(shape).replaceAll(', ', ',')}`, {
      op: layer.name, shapes: [x.shape, parameter.shape!], hint: `an input of shape ${formatShape(x.shape)} does not fit ${parameter.name}`,
    })
  }
  // A network that was never initialized says so itself when its values are read; its shapes stay open.
  for (const [parameter, shape] of shapes) if (parameter?.deferred === true) parameter.finishDeferredInit(shape)
}
