import { describe, expect, it } from 'vitest'
import type { DType } from '@ashlar/core'
import { Context, NDArray, array, np, registerBackend } from '@ashlar/core'
import { cleanState } from './support/clean-state.ts'
import { separateDevice, simulatedBackend } from './support/simulated.ts'

const DISPLAY = Symbol.for('Jupyter.display')

function display(x: NDArray): { 'text/plain': string; 'text/html': string } {
  return (x as unknown as Record<symbol, () => { 'text/plain': string; 'text/html': string }>)[DISPLAY]!()
}
const html = (x: NDArray): string => display(x)['text/html']
const texts = (markup: string, tag: string): string[] => [...markup.matchAll(new RegExp(`<${tag}\\b[^>]*>([^<]*)</${tag}>`, 'gu'))].map(match => match[1]!)
const fills = (markup: string): string[] => [...markup.matchAll(/<rect [^>]*fill="([^"]*)"/gu)].map(match => match[1]!)
const form = (x: NDArray): string => /^<(\w+)/u.exec(html(x))![1]!

/** Each opened element is closed, in order. */
function expectWellFormed(markup: string): void {
  const open: string[] = []
  for (const [, closing, name, , alone] of markup.matchAll(/<(\/?)(\w+)((?:\s[\w:-]+="[^"<>]*")*)(\/?)>/gu)) {
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (alone !== '/') open.push(name!)
  }
  expect(open).toEqual([])
  expect(markup.replaceAll(/<(\/?)(\w+)((?:\s[\w:-]+="[^"<>]*")*)(\/?)>/gu, '')).not.toMatch(/[<>]/u)
}

describe('what notebooks show of an array', () => {
  cleanState()

  it('is a bundle of text and HTML, by a method that loops do not see', () => {
    const x = np.ones([2, 2])
    expect(Object.keys(display(x))).toEqual(['text/plain', 'text/html'])
    expect(display(x)['text/plain']).toBe(x.repr())
    expect(Object.getOwnPropertyDescriptor(NDArray.prototype, DISPLAY)?.enumerable).toBe(false)
  })

  it('a matrix is a table with the printer\'s numbers', () => {
    const x = array([[1, 2.5, -3], [Number.NaN, Infinity, 0.125]])
    const markup = html(x)
    expectWellFormed(markup)
    expect(texts(markup, 'th')).toEqual(['NDArray (2, 3) float32'])
    expect(texts(markup, 'td').map(text => text.trim())).toEqual(['1.', '2.5', '-3.', 'nan', 'inf', '0.125'])
    expect(x.repr().match(/[^\s,[\]()]+/gu)!.slice(1)).toEqual(texts(markup, 'td').map(text => text.trim()))
    expect(new Set(texts(markup, 'td').map(text => text.length)).size).toBe(1)
    expect(markup.match(/<tr>/gu)).toHaveLength(3)
    expect(markup.match(/text-align:right/gu)).toHaveLength(6)
    expect(markup).toContain('colspan="3"')
  })

  it('and the blanks by which the printer aligns them', () => {
    const x = np.random.normal(0, 100, [20, 3])
    const rows = x.repr().split('\n').map(line => line.replace(/^.*\[(?=[^[])/u, '').replace(/\]+[,)]?$/u, ''))
    expect(rows).toHaveLength(20)
    expect(texts(html(x), 'td')).toEqual(rows.flatMap(row => row.split(', ')))
  })

  it.each<[DType, number[], string[]]>([
    ['float64', [0.1, 1e10], ['1.e-01', '1.e+10']], ['int32', [7, -12], ['7', '-12']], ['uint8', [255, 0], ['255', '0']], ['int8', [-128, 1], ['-128', '1']],
    ['bool', [1, 0], ['True', 'False']], ['int64', [-1, 9], ['-1', '9']],
  ])('a vector of %s is one row', (dtype, values, shown) => {
    const markup = html(array(values, { dtype }))
    expect(texts(markup, 'td').map(text => text.trim())).toEqual(shown)
    expect(texts(markup, 'th')).toEqual([`NDArray (2,) ${dtype}`])
    expect(markup.match(/<tr>/gu)).toHaveLength(2)
  })

  it('64-bit integers keep all digits', () => {
    expect(texts(html(array(BigInt64Array.of(2n ** 62n + 1n))), 'td')).toEqual(['4611686018427387905'])
  })

  it('what is freed, or only readable asynchronously, is its repr, escaped and unread', () => {
    const x = np.ones([2, 2])
    x.dispose()
    expect(html(x)).toBe('<pre>&lt;freed NDArray (2, 2)&gt;</pre>')
    let reads = 0
    const device = separateDevice({ syncRead: false })
    registerBackend({ name: 'slow', type: 'slow', count: 1, open: () => ({ ...device, download: tensor => (reads++, device.download(tensor)) }) })
    const far = np.ones([2, 2], { ctx: new Context('slow') })
    expect(display(far)).toEqual({ 'text/plain': far.repr(), 'text/html': '<pre>&lt;NDArray (2, 2) float32 on device slow(0)&gt;</pre>' })
    expect(reads).toBe(0)
  })

  it('escapes the name of a device', () => {
    registerBackend({ ...simulatedBackend('odd', 1), type: '<b a="1">&\'' })
    const ctx = new Context('<b a="1">&\'')
    const escaped = '&lt;b a=&quot;1&quot;&gt;&amp;&#39;(0)'
    for (const x of [np.ones(2, { ctx }), np.ones([30, 30], { ctx }), np.ones([1, 1, 1], { ctx })]) {
      expectWellFormed(html(x))
      expect(html(x)).toContain(escaped)
    }
  })

  it('tells the device of what lies elsewhere', () => {
    registerBackend(simulatedBackend('sim', 2))
    expect(texts(html(np.ones(2, { ctx: new Context('gpu', 1) })), 'th')).toEqual(['NDArray (2,) float32 on gpu(1)'])
  })

  it.each<[string, number[]]>([
    ['table', [20]], ['table', [20, 20]], ['table', [1, 1]], ['svg', [21, 1]], ['svg', [2, 64]], ['svg', [64, 64]], ['svg', [64, 64, 3]], ['svg', [1, 2, 4]],
    ['pre', [21]], ['pre', [65, 2]], ['pre', [2, 65]], ['pre', [65, 64, 3]], ['pre', []], ['pre', [0]], ['pre', [0, 5]], ['pre', [4, 0, 3]], ['pre', [4, 4, 2]], ['pre', [4, 4, 5]], ['pre', [1, 2, 2, 3]], ['pre', [256, 256]],
  ])('<%s> shows the shape (%o)', (name, shape) => {
    const x = np.zeros(shape)
    expect(form(x)).toBe(name)
    expectWellFormed(html(x))
    if (name === 'pre') expect(html(x)).toBe(`<pre>${x.repr()}</pre>`)
  })
})

describe('images of arrays', () => {
  cleanState()

  it('a matrix is grey, from its least number to its greatest', () => {
    const values = Array.from({ length: 30 }, (_, i) => [i === 0 ? -2 : 0, 3])
    const markup = html(array(values))
    expectWellFormed(markup)
    expect(fills(markup).slice(0, 4)).toEqual(['#000000', '#ffffff', '#666666', '#ffffff'])
    expect(texts(markup, 'title')).toEqual(['NDArray (30, 2) float32, -2.0 (dark) to 3.0 (bright)'])
    expect(markup).toContain('width="16" height="240" viewBox="0 0 2 30"')
    expect(markup).toContain('<rect x="1" y="29" width="1" height="1" fill="#ffffff"/>')
  })

  it('neighbours of one colour are one rectangle, and rectangles cover each pixel once', () => {
    const markup = html(np.arange(24).reshape(1, 24).ge(10))
    expect([...markup.matchAll(/<rect ([^/]*)\/>/gu)].map(match => match[1])).toEqual([
      'x="0" y="0" width="10" height="1" fill="#000000"', 'x="10" y="0" width="14" height="1" fill="#ffffff"',
    ])
    const widths = [...html(np.arange(64 * 64).reshape(64, 64)).matchAll(/<rect x="\d+" y="\d+" width="(\d+)"/gu)].map(match => Number(match[1]))
    expect(widths.reduce((a, b) => a + b)).toBe(64 * 64)
  })

  it('bytes have their own colours, other numbers scaled ones', () => {
    const rgb = [[[0, 128, 255], [10, 10, 10]]]
    expect(fills(html(array(rgb, { dtype: 'uint8' })))).toEqual(['#0080ff', '#0a0a0a'])
    expect(fills(html(array([[[-1, 0, 1], [1, 1, 1]]])))).toEqual(['#0080ff', '#ffffff'])
    expect(texts(html(array(rgb, { dtype: 'uint8' })), 'title')).toEqual(['NDArray (1, 2, 3) uint8, 0 (dark) to 255 (bright)'])
  })

  it('the fourth channel is the opacity, and does not count for the scale', () => {
    expect(fills(html(array([[[0, 0, 2, 0.5], [2, 2, 2, 9]]])))).toEqual(['#0000ff80', '#ffffffff'])
    expect(fills(html(array([[[255, 0, 0, 128]]], { dtype: 'uint8' })))).toEqual(['#ff000080'])
  })

  it('pixels that are not finite are left out', () => {
    const x = np.zeros([1, 22])
    x.set([0, 3], Number.NaN)
    x.set([0, 5], -Infinity)
    x.set([0, 21], 1)
    const markup = html(x)
    expect([...markup.matchAll(/x="(\d+)" y="0" width="(\d+)"/gu)].map(([, start, width]) => [Number(start), Number(width)])).toEqual([[0, 3], [4, 1], [6, 15], [21, 1]])
    expect(texts(html(np.full([1, 30], Number.NaN)), 'title')).toEqual(['NDArray (1, 30) float32, no finite numbers'])
    expect(fills(html(np.full([1, 30], Number.NaN)))).toEqual([])
  })

  it('constant, huge and 64-bit arrays are shown, too', () => {
    expect(fills(html(np.full([1, 30], 7)))).toEqual(['#000000'])
    const huge = np.full([1, 30], -1.7e308, { dtype: 'float64' })
    huge.set([0, 1], 1.7e308)
    expect(fills(html(huge))).toEqual(['#000000', '#ffffff', '#000000'])
    expect(fills(html(np.arange(30).reshape(1, 30).astype('int64'))).at(-1)).toBe('#ffffff')
  })
})
