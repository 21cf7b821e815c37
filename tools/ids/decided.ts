const TRACING = 'comes with tracing: until then a network always runs its own code'
const KERAS = 'Keras habits are told in docs/coming-from.md; the API is Gluon\'s, with PyTorch\'s names beside it'
const ONE_FORM = 'arrays and parameters print in one form, NumPy\'s and Gluon\'s, whichever names they are used by'
const LEGACY = 'the legacy dialect exists as samplers and file formats only (B-14.7), so nothing prints or reduces as it did'

const all = (part: string, numbers: readonly number[], reason: string): Record<string, string> =>
  Object.fromEntries(numbers.map(number => [part + (part.startsWith('B') ? String(number) : String(number).padStart(2, '0')), reason]))

/** Items of the behaviour that have no test, each with the reason. */
export const DECIDED_AGAINST: Readonly<Record<string, string>> = {
  'S5.1-25': TRACING,
  'E5.5-3': `exporting a network's architecture ${TRACING}`,
  'B-3.17': TRACING,
  'B-3.18': 'optional upstream: a parameter file and the code that builds the network do the same, and stay readable',
  ...all('B-5.', [1, 4, 5, 6, 7, 8, 9], TRACING),
  ...all('B-6.', [1, 2, 3, 4, 5, 6], `exported graphs: ${TRACING}`),
  'Q-6': TRACING,
  ...all('L5.1-', [2, 3, 4, 5], LEGACY),
  'P-06': ONE_FORM,
  'P-07': 'a gradient is zeros before the first backward, as S5.2-06 has it',
  'P-16': ONE_FORM,
  'P-19': 'the mean of integers is a float, as in NumPy',
  'P-20': 'whole numbers make float32 arrays, as B-14.1 has it; files are those of S5.5',
  'P-23': ONE_FORM,
  ...all('T-', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], KERAS),
}
