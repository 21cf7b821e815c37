import { activationOverrides } from './activations.ts'
import { convolutionOverrides } from './convolution.ts'
import { linearOverrides } from './linear.ts'
import { normalizationOverrides } from './normalization.ts'
import { optimizerOverrides } from './optimizer-steps.ts'
import { poolingOverrides } from './pooling.ts'
import { programOverrides } from './program.ts'
import { softmaxOverrides } from './softmax.ts'
import type { Overrides, Tools } from './types.ts'
import { windowOverrides } from './windows.ts'

/** See `Device.overrides`: compositions in one kernel, or a few. A launch takes longer than a small kernel runs. */
export function overridesOf(tools: Tools): Overrides {
  return {
    ...activationOverrides(tools), ...optimizerOverrides(tools), ...programOverrides(tools), ...linearOverrides(tools), ...softmaxOverrides(tools),
    ...normalizationOverrides(tools), ...convolutionOverrides(tools), ...poolingOverrides(tools), ...windowOverrides(tools),
  }
}
