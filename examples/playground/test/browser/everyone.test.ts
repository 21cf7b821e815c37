import { expect } from 'vitest'
import { choose, ready, textOf, until, untilNumber, untilText, usePlayground, visit } from './site.ts'
import type { Page } from './site.ts'

usePlayground()

/** Presses Tab until that element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches('${selector}')`)) return
  }
  throw new Error(`Tab does not reach ${selector}`)
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

visit('all of it works with the keyboard alone', async page => {
  await ready(page)
  await tabTo(page, '#play')
  // What has the focus shows it.
  expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe('solid')
  await press(page, 'Enter')
  await untilNumber(page, 'steps', 'n > 5')
  await press(page, 'Space')
  await untilText(page, 'play-text', 'Play')
  await tabTo(page, '#step')
  await tabTo(page, '#plane')
  await press(page, 'Shift+ArrowRight', 'ArrowUp', 'Enter', 'x', 'Shift+ArrowLeft', 'Enter')
  await untilText(page, 'announcements', '2 points of yours')
  await until(page, `document.querySelector('input[name=brush][value="1"]').checked`)
  await press(page, 'Backspace')
  await untilText(page, 'announcements', '1 points of yours')
  await tabTo(page, 'input[name=kind]')
  await press(page, 'ArrowRight')
  await until(page, `document.querySelector('input[name=kind][value=moons]').checked`)
  await tabTo(page, '#noise')
  await press(page, 'ArrowRight', 'ArrowRight')
  await until(page, `document.querySelector('output[for=noise]').textContent === '0.12'`)
  await tabTo(page, '#layers .more')
  await press(page, 'Enter')
  await until(page, `document.querySelector('#layers input').value === '20'`)

  await page.evaluate('document.activeElement.blur(); document.getElementById("tab-train").focus()')
  await press(page, 'ArrowRight')
  expect(await page.isVisible('#read')).toBe(true)
  await until(page, `document.getElementById('reader-state').hidden`)
  await tabTo(page, '#pad')
  // A one: a short line up to the right, and a long one down.
  await press(page, 'ArrowLeft', 'ArrowLeft', 'ArrowUp', 'ArrowUp', 'Space')
  for (let i = 0; i < 2; i++) await press(page, 'ArrowUp', 'ArrowRight')
  for (let i = 0; i < 10; i++) await press(page, 'ArrowDown')
  await press(page, 'Space')
  await until(page, `document.getElementById('announcements').textContent.startsWith('It reads 1')`)
  await press(page, 'Delete')
  await untilText(page, 'answer', '–')
})

for (const [width, height] of [[360, 640], [768, 1024], [1440, 900]] as const) {
  visit(`nothing is wider than ${width} pixels, or laid over something else`, async page => {
    await ready(page)
    for (const tab of ['tab-train', 'tab-read']) {
      await page.click(`#${tab}`)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const out = await page.evaluate(`[...document.querySelectorAll('main :is(button, input, select, canvas, output, label)')]
        .filter(element => element.checkVisibility())
        .filter(element => { const box = element.getBoundingClientRect(); return box.left < 0 || box.right > ${width} || box.width < 1 })
        .map(element => element.outerHTML.slice(0, 80))`)
      expect(out).toEqual([])
      // What can be pressed is what is seen there.
      const covered = await page.evaluate(`[...document.querySelectorAll('main :is(button, select, input)')]
        .filter(element => element.checkVisibility() && !element.disabled)
        .filter(element => {
          element.scrollIntoView({ block: 'center' })
          const box = element.getBoundingClientRect()
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
          return top !== element && !element.contains(top) && !(top !== null && element.labels?.[0]?.contains(top))
        })
        .map(element => element.outerHTML.slice(0, 80))`)
      expect(covered).toEqual([])
    }
    await page.click('#tab-train')
    await page.click('#play')
    await untilNumber(page, 'steps', 'n > 20')
  }, { viewport: { width, height } })
}

visit('every control has a name', async page => {
  await ready(page)
  const unnamed = await page.evaluate(`[...document.querySelectorAll('button, input, select, canvas:not([aria-hidden]), [role=region], [role=radiogroup], [role=tabpanel]')]
    .filter(element => !((element.labels?.length ?? 0) > 0 || element.getAttribute('aria-label') || element.textContent.trim() || document.getElementById(element.getAttribute('aria-labelledby') ?? '')))
    .map(element => element.outerHTML.slice(0, 80))`)
  expect(unnamed).toEqual([])
  const twice = await page.evaluate(`[...document.querySelectorAll('[id]')].map(element => element.id).filter((id, i, all) => all.indexOf(id) !== i)`)
  expect(twice).toEqual([])
})

/** How well two colours of the page are told apart: the contrast ratio of WCAG 2. */
async function contrasts(page: Page): Promise<Record<string, number>> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.documentElement)
    const luminance = name => {
      const digits = style.getPropertyValue(name).trim().slice(1)
      const value = parseInt(digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits, 16)
      const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map(c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) }
    return Object.fromEntries([['--ink', '--paper'], ['--faint', '--paper'], ['--faint', '--panel'], ['--ink', '--raised'], ['--on-zero', '--zero'], ['--train', '--paper'], ['--held', '--paper']].map(([a, b]) => [a + ' on ' + b, ratio(a, b)]))
  })()`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  visit(`texts can be read in ${colorScheme}, and little moves where that is asked for`, async page => {
    await ready(page)
    for (const ratio of Object.values(await contrasts(page))) expect(ratio).toBeGreaterThan(4.5)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 24, 31)')
    await page.click('#play')
    await untilNumber(page, 'steps', 'n > 50')
  }, { colorScheme, reducedMotion: 'reduce' })
}

visit('without WebGL the page says so with the mend, and goes on on the CPU', async page => {
  await ready(page)
  await choose(page, 'backend', 'gpu')
  await page.waitForSelector('#problem:not([hidden])')
  expect(await textOf(page, 'problem')).toMatch(/WebGL cannot be used here: .*allow WebGL/s)
  await until(page, `document.querySelector('input[name=backend][value=cpu]').checked`)
  await page.click('#play')
  await untilNumber(page, 'steps', 'n > 5')
}, {
  prepare: page => page.route('**/worker-*.js', async route => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `OffscreenCanvas.prototype.getContext = () => null\n${await response.text()}` })
  }),
})

visit('without the two headers there is one thread, and the page says why', async page => {
  await ready(page)
  expect(await textOf(page, 'device-about')).toBe('WebAssembly with vectors, one thread')
  expect(await textOf(page, 'device-note')).toContain('not cross-origin isolated')
  await page.click('#play')
  await untilNumber(page, 'steps', 'n > 5')
}, { isolated: false })

visit('where the worker cannot be loaded, the page says so', async page => {
  await page.waitForSelector('#problem:not([hidden])')
  expect(await textOf(page, 'problem')).toMatch(/The worker, which computes, stopped.*Load the page again/s)
}, { expected: /worker|404/, prepare: page => page.route('**/worker-*.js', route => route.fulfill({ status: 404 })) })
