import type { Settings } from '../settings.ts'
import { LIMITS, clampWhole, countParameters } from '../settings.ts'
import { byId } from './dom.ts'
import type { Action } from './state.ts'

/**
 * Shows the layers as a list that can be edited: units of each hidden layer, and a button that takes it away. Rows are made anew only where
 * their number has changed, so that the focus stays where it is.
 */
export function showLayers({ hidden }: Settings, dispatch: (action: Action) => void): void {
  const list = byId('layers', HTMLOListElement)
  const rows = [...list.querySelectorAll<HTMLLIElement>('li.hidden')]
  if (rows.length !== hidden.length || list.childElementCount === 0) {
    const focused = rows.findIndex(row => row.contains(document.activeElement))
    list.replaceChildren(fixed('2', 'coordinates in'), ...hidden.map((_, index) => editable(index, dispatch)), fixed('2', 'classes out'))
    if (focused >= 0) focusAfter(list, focused, hidden.length)
  }
  for (const [i, row] of list.querySelectorAll('li.hidden').entries()) {
    const units = hidden[i]!
    const input = row.querySelector('input')!
    if (document.activeElement !== input) input.value = String(units)
    input.dataset['value'] = String(units)
    row.querySelector<HTMLButtonElement>('.fewer')!.disabled = units <= LIMITS.units.low
    row.querySelector<HTMLButtonElement>('.more')!.disabled = units >= LIMITS.units.high
  }
  byId('add-layer', HTMLButtonElement).disabled = hidden.length >= LIMITS.layers.high
  byId('parameters', HTMLElement).textContent = `${countParameters(hidden).toLocaleString('en')} parameters`
}

/** Where a row with the focus was taken away, the next one gets it. */
function focusAfter(list: HTMLElement, index: number, count: number): void {
  const row = list.querySelectorAll('li.hidden')[Math.min(index, count - 1)]
  ;(row?.querySelector<HTMLButtonElement>('.remove') ?? byId('add-layer', HTMLButtonElement)).focus()
}

function fixed(units: string, text: string): HTMLLIElement {
  const row = document.createElement('li')
  row.append(Object.assign(document.createElement('b'), { textContent: units }), ` ${text}`)
  return row
}

function editable(index: number, dispatch: (action: Action) => void): HTMLLIElement {
  const row = document.createElement('li')
  row.className = 'hidden'
  const name = `hidden layer ${index + 1}`
  const input = Object.assign(document.createElement('input'), { type: 'number', min: String(LIMITS.units.low), max: String(LIMITS.units.high), inputMode: 'numeric' })
  input.setAttribute('aria-label', `Units of ${name}`)
  const resize = (units: number): void => dispatch({ type: 'resize-layer', index, units })
  const now = (): number => Number(input.dataset['value'])
  input.addEventListener('change', () => {
    resize(input.valueAsNumber)
    input.value = String(clampWhole(input.valueAsNumber, LIMITS.units, now()))
  })
  const fewer = button('fewer', '−', `Fewer units in ${name}`, () => resize(now() <= 4 ? now() - 1 : now() - 4))
  const more = button('more', '+', `More units in ${name}`, () => resize(now() < 4 ? now() + 1 : now() + 4))
  const text = Object.assign(document.createElement('span'), { textContent: 'units' })
  row.append(fewer, input, more, text, button('remove', '×', `Remove ${name}`, () => dispatch({ type: 'remove-layer', index })))
  return row
}

function button(className: string, text: string, label: string, click: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', className, textContent: text })
  made.setAttribute('aria-label', label)
  made.addEventListener('click', click)
  return made
}
