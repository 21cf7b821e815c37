import { makePoints } from '../points/datasets.ts'
import type { Kind } from '../points/datasets.ts'
import type { ActivationName, BackendName, OptimizerName, Settings } from '../settings.ts'
import { ACTIVATIONS, BATCH_SIZES, LEARNING_RATES, LIMITS, OPTIMIZERS, SPEEDS, clampWhole } from '../settings.ts'
import { byId, radios, squareContext } from './dom.ts'
import { drawPoint } from './plane.ts'
import type { Action } from './state.ts'
import { currentTheme } from './theme.ts'

const ACTIVATION_TITLES: Readonly<Record<ActivationName, string>> = { tanh: 'tanh', relu: 'ReLU', sigmoid: 'sigmoid', softrelu: 'softplus', softsign: 'softsign' }

/** A slider over the entries of a list. */
interface Scale {
  readonly id: string
  readonly values: readonly number[]
  readonly key: 'learningRate' | 'batchSize' | 'stepsPerSecond'
  readonly show: (value: number) => string
}

const SCALES: readonly Scale[] = [
  { id: 'learning-rate', values: LEARNING_RATES, key: 'learningRate', show: String },
  { id: 'batch-size', values: BATCH_SIZES, key: 'batchSize', show: String },
  { id: 'speed', values: SPEEDS, key: 'stepsPerSecond', show: value => (value === Infinity ? 'all it can' : String(value)) },
]

/** Has the inputs dispatch what they are set to. */
export function setUpControls(dispatch: (action: Action) => void): void {
  const set = (settings: Partial<Settings>): void => dispatch({ type: 'set', settings })
  const seed = byId('seed', HTMLInputElement)
  byId('controls', HTMLFormElement).addEventListener('submit', event => event.preventDefault())
  for (const input of radios('kind')) input.addEventListener('change', () => set({ kind: input.value as Kind }))
  for (const input of radios('backend')) input.addEventListener('change', () => set({ backend: input.value as BackendName }))
  for (const key of ['count', 'noise'] as const) {
    const input = byId(key, HTMLInputElement)
    input.addEventListener('input', () => set({ [key]: input.valueAsNumber }))
  }
  seed.addEventListener('change', () => {
    // What is no number becomes the one that was there, and says so by standing there again.
    const value = clampWhole(seed.valueAsNumber, LIMITS.seed, Number(seed.dataset['value']))
    seed.value = String(value)
    set({ seed: value })
  })
  byId('reseed', HTMLButtonElement).addEventListener('click', () => set({ seed: (Number(seed.dataset['value']) + 1) % (LIMITS.seed.high + 1) }))
  byId('add-layer', HTMLButtonElement).addEventListener('click', () => dispatch({ type: 'add-layer' }))

  const activation = byId('activation', HTMLSelectElement)
  for (const name of ACTIVATIONS) activation.add(new Option(ACTIVATION_TITLES[name], name))
  activation.addEventListener('change', () => set({ activation: activation.value as ActivationName }))
  const optimizer = byId('optimizer', HTMLSelectElement)
  for (const [name, { title }] of Object.entries(OPTIMIZERS)) optimizer.add(new Option(title, name))
  optimizer.addEventListener('change', () => set({ optimizer: optimizer.value as OptimizerName }))
  for (const { id, values, key } of SCALES) {
    const input = byId(id, HTMLInputElement)
    input.max = String(values.length - 1)
    input.addEventListener('input', () => set({ [key]: values[input.valueAsNumber]! }))
  }
}

/** Shows settings in the inputs. */
export function showControls(settings: Settings): void {
  for (const input of radios('kind')) input.checked = input.value === settings.kind
  for (const input of radios('backend')) input.checked = input.value === settings.backend
  for (const key of ['count', 'noise'] as const) {
    byId(key, HTMLInputElement).valueAsNumber = settings[key]
    byId(key, HTMLInputElement).disabled = settings.kind === 'own'
    outputOf(key).value = key === 'noise' ? settings.noise.toFixed(2) : String(settings.count)
  }
  const seed = byId('seed', HTMLInputElement)
  if (seed.dataset['value'] !== String(settings.seed)) seed.value = seed.dataset['value'] = String(settings.seed)
  byId('activation', HTMLSelectElement).value = settings.activation
  byId('optimizer', HTMLSelectElement).value = settings.optimizer
  for (const { id, values, key, show } of SCALES) {
    const input = byId(id, HTMLInputElement)
    const text = show(settings[key])
    input.valueAsNumber = values.indexOf(settings[key])
    input.setAttribute('aria-valuetext', text)
    outputOf(id).value = text
  }
}

function outputOf(id: string): HTMLOutputElement {
  return document.querySelector<HTMLOutputElement>(`output[for=${id}]`)!
}

/** Draws the small pictures of the datasets. */
export function drawKinds(): void {
  const theme = currentTheme()
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>('canvas[data-kind]')) {
    const target = squareContext(canvas)
    if (target === null) continue
    const kind = canvas.dataset['kind'] as Kind
    const points = kind === 'own'
      ? [{ x: -1.8, y: 1.2, label: 0 as const }, { x: 1.6, y: 1.8, label: 1 as const }, { x: 0.4, y: -1.6, label: 0 as const }]
      : makePoints({ kind, count: 64, noise: 0.05, seed: 3 })
    for (const { x, y, label } of points) {
      drawPoint(target.context, (x / 3.6 + 1) / 2 * target.side, (1 - y / 3.6) / 2 * target.side, kind === 'own' ? 3.2 : 1.9, { label, heldBack: false }, theme)
    }
  }
}
