import { expect } from 'vitest'
import { SAMPLES } from '../../src/digit/samples.ts'
import { textOf, until, untilText, usePlayground, visit } from './site.ts'
import type { Page } from './site.ts'

usePlayground()

async function openReader(page: Page): Promise<void> {
  await page.click('#tab-read')
  await until(page, `document.getElementById('reader-state').hidden`)
}

async function draw(page: Page, digit: number): Promise<void> {
  const box = (await page.locator('#pad').boundingBox())!
  for (const stroke of SAMPLES[digit]!) {
    const places = stroke.map(({ x, y }) => [box.x + x * box.width, box.y + y * box.height] as const)
    await page.mouse.move(...places[0]!)
    await page.mouse.down()
    // Every fourth place and the last draw the same line in a quarter of the moves.
    for (const [i, place] of places.entries()) if (i % 4 === 0 || places.length < 8 || i === places.length - 1) await page.mouse.move(...place)
    await page.mouse.up()
  }
}

visit('digits drawn with the mouse are read', async page => {
  await openReader(page)
  for (const digit of [3, 7, 0]) {
    await draw(page, digit)
    await untilText(page, 'answer', `${digit}`)
    await until(page, `document.getElementById('announcements').textContent.startsWith('It reads ${digit}')`)
    await until(page, `document.querySelector('#bars li.best b').textContent === '${digit}'`)
    await page.click('#pad-clear')
    await untilText(page, 'answer', '–')
  }
})

visit('a digit is drawn by touch', async page => {
  await openReader(page)
  const box = (await page.locator('#pad').boundingBox())!
  const session = await page.context().newCDPSession(page)
  const touch = (type: string, x: number, y: number): Promise<unknown> =>
    session.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + x * box.width, y: box.y + y * box.height }] })
  const stroke = SAMPLES[2]![0]!
  await touch('touchStart', stroke[0]!.x, stroke[0]!.y)
  for (const { x, y } of stroke.slice(1)) await touch('touchMove', x, y)
  await touch('touchEnd', 0, 0)
  await untilText(page, 'answer', '2')
  // Drawing did not scroll the page.
  expect(await page.evaluate('scrollY')).toBe(0)
}, { viewport: { width: 390, height: 800 }, hasTouch: true })

visit('the page draws one for whoever asks, and lines are taken back', async page => {
  await openReader(page)
  for (let digit = 0; digit < 5; digit++) await page.click('#pad-sample')
  await untilText(page, 'answer', '4')
  await page.click('#pad-undo')
  await page.click('#pad-undo')
  await until(page, `document.getElementById('pad-undo').disabled`)
})

visit('digits are read while a network is trained', async page => {
  await page.locator('#speed').fill('9')
  await until(page, `!document.getElementById('play').disabled`)
  await page.click('#play')
  await openReader(page)
  await draw(page, 5)
  await untilText(page, 'answer', '5')
  await page.click('#tab-train')
  expect(await textOf(page, 'play-text')).toBe('Pause')
})

visit('parameters that are missing are said with the mend, and tried again', async page => {
  await page.click('#tab-read')
  await until(page, `document.getElementById('reader-state').textContent.includes('npm run playground')`)
  expect(await textOf(page, 'reader-state')).toContain('the server answers 404')
  await page.unroute('**/digits.params')
  await page.click('#reader-again')
  await until(page, `document.getElementById('reader-state').hidden`)
  await draw(page, 9)
  await untilText(page, 'answer', '9')
}, {
  expected: /404|Failed to load resource|digits\.params net::ERR_ABORTED/,
  prepare: page => page.route('**/digits.params', route => route.fulfill({ status: 404, headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' } })),
})
