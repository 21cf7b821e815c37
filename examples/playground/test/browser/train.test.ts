import { expect } from 'vitest'
import { choose, hurry, numberOf, ready, textOf, until, untilNumber, untilText, usePlayground, visit } from './site.ts'
import type { Page } from './site.ts'

usePlayground()

visit('spirals are learned on the CPU, in WebAssembly and with threads', async page => {
  await ready(page)
  expect(await textOf(page, 'device-ctx')).toBe('cpu(0)')
  expect(await textOf(page, 'device-about')).toMatch(/^WebAssembly with vectors/)
  expect(await page.evaluate('crossOriginIsolated')).toBe(true)
  await hurry(page)
  await page.click('#play')
  await untilNumber(page, 'train-loss', 'n < 0.02')
  await untilNumber(page, 'held-loss', 'n < 0.2')
  expect(await textOf(page, 'rate')).toMatch(/a second$/)
  await page.click('#play')
  await untilText(page, 'play-text', 'Play')
  // The chart says in words what it shows.
  expect(await page.getAttribute('#chart svg', 'aria-label')).toMatch(/^The loss over \d+ steps/)
})

visit('spirals are learned on WebGL 2; the weights move there and back, and no line but one changes', async page => {
  await ready(page)
  await hurry(page)
  await page.click('#play')
  await untilNumber(page, 'steps', 'n >= 20')
  await page.click('#play')
  await untilText(page, 'rate', '')
  const [steps, loss, code] = [await numberOf(page, 'steps'), await numberOf(page, 'train-loss'), (await textOf(page, 'code')).split('\n')]

  await choose(page, 'backend', 'gpu')
  await untilText(page, 'device-ctx', 'gpu(0)')
  expect(await textOf(page, 'device-about')).toMatch(/^WebGL 2 through gpu\.js/)
  // Read on the other device, the same network has the same loss.
  expect(await numberOf(page, 'steps')).toBe(steps)
  expect(Math.abs(await numberOf(page, 'train-loss') - loss)).toBeLessThan(0.005)
  const other = (await textOf(page, 'code')).split('\n')
  expect(other.filter((line, i) => line !== code[i])).toEqual(['net.collectParams().resetCtx(device.gpu(0))'])

  await page.click('#play')
  await untilNumber(page, 'train-loss', 'n < 0.05')
  // A device can be left while it trains.
  await choose(page, 'backend', 'cpu')
  await untilText(page, 'device-ctx', 'cpu(0)')
  expect(await numberOf(page, 'train-loss')).toBeLessThan(0.1)
  expect(await page.isHidden('#problem')).toBe(true)
})

visit('pause, step and reset', async page => {
  await ready(page)
  const first = await textOf(page, 'train-loss')
  await page.click('#step')
  await untilNumber(page, 'steps', 'n === 1')
  await page.click('#step')
  await untilNumber(page, 'steps', 'n === 2')
  await page.click('#play')
  await untilNumber(page, 'steps', 'n > 30')
  await page.click('#play')
  await until(page, `document.getElementById('announcements').textContent.startsWith('Paused at step')`)
  await page.click('#reset')
  await untilNumber(page, 'steps', 'n === 0')
  await ready(page)
  expect(await textOf(page, 'train-loss')).toBe(first)
})

visit('layers are added, resized and removed; the network begins anew with each', async page => {
  await ready(page)
  const units = (): Promise<string[]> => page.locator('#layers input').evaluateAll(inputs => inputs.map(input => (input as HTMLInputElement).value))
  await page.click('#step')
  await untilNumber(page, 'steps', 'n === 1')
  await page.click('#add-layer')
  await untilNumber(page, 'steps', 'n === 0')
  await untilText(page, 'parameters', '626 parameters')
  expect(await units()).toEqual(['16', '16', '16'])
  await page.getByLabel('Units of hidden layer 2').fill('5')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'More units in hidden layer 1' }).click()
  await page.getByRole('button', { name: 'Remove hidden layer 3' }).click()
  await untilText(page, 'parameters', '177 parameters')
  expect(await units()).toEqual(['20', '5'])
  // Where a row went, the focus goes to the next one.
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Remove hidden layer 2')
  await page.getByLabel('Units of hidden layer 2').fill('')
  await page.keyboard.press('Tab')
  expect(await units()).toEqual(['20', '5'])
  await ready(page)
  await page.selectOption('#activation', 'relu')
  await until(page, `document.getElementById('code').textContent.includes("new nn.Dense(20, { activation: 'relu' }),\\n  new nn.Dense(5, { activation: 'relu' }),")`)
  await ready(page)
  await page.click('#step')
  await untilNumber(page, 'steps', 'n === 1')
})

visit('another optimizer brings its rate, and training goes on', async page => {
  await ready(page)
  await page.click('#play')
  await untilNumber(page, 'steps', 'n > 10')
  await page.selectOption('#optimizer', 'momentum')
  await until(page, `document.getElementById('learning-rate').getAttribute('aria-valuetext') === '0.1'`)
  const steps = await numberOf(page, 'steps')
  await untilNumber(page, 'steps', `n > ${steps + 10}`)
})

/** Clicks at a place of the plane, both coordinates from -1 to 1. */
async function clickPlane(page: Page, x: number, y: number): Promise<void> {
  const box = (await page.locator('#plane').boundingBox())!
  await page.locator('#plane').click({ position: { x: (x + 1) / 2 * box.width, y: (1 - y) / 2 * box.height } })
}

visit('points set by clicks are learned', async page => {
  await ready(page)
  await choose(page, 'kind', 'own')
  await until(page, `document.getElementById('play').disabled`)
  await until(page, `!document.getElementById('plane-empty').hidden`)
  for (const [x, y] of [[-0.5, 0.5], [-0.6, 0.4], [0.5, -0.5]] as const) await clickPlane(page, x, y)
  await choose(page, 'brush', '1')
  for (const [x, y] of [[0.5, 0.5], [0.6, 0.4], [-0.5, -0.5], [-0.6, -0.4]] as const) await clickPlane(page, x, y)
  await ready(page)
  await hurry(page)
  await page.click('#play')
  await untilNumber(page, 'train-loss', 'n < 0.05')
  // The fourth of a class was held back.
  await untilNumber(page, 'held-loss', 'n >= 0')
  await page.click('#undo')
  await untilText(page, 'held-loss', '–')
  expect(await textOf(page, 'play-text')).toBe('Pause')
  await page.click('#clear')
  await until(page, `document.getElementById('play').disabled`)
  await untilText(page, 'play-text', 'Play')
})

visit('steps that are too large are said, and Reset mends it', async page => {
  await ready(page)
  await page.selectOption('#activation', 'relu')
  await ready(page)
  await page.selectOption('#optimizer', 'nesterov')
  await page.locator('#learning-rate').fill('9')
  await page.locator('#speed').fill('9')
  await page.click('#play')
  // It may take a while until a number is none, or the network may give up before: then the loss stands still.
  await until(page, `!document.getElementById('problem').hidden || Number(document.getElementById('steps').textContent.replace(',', '')) > 500`)
  if (await page.isVisible('#problem')) {
    expect(await textOf(page, 'problem')).toContain('smaller learning rate')
    await page.click('#problem-close')
    await until(page, `document.getElementById('problem').hidden`)
  }
  await page.selectOption('#optimizer', 'adam')
  await page.click('#reset')
  await ready(page)
  await page.click('#step')
  await untilNumber(page, 'steps', 'n === 1')
})
