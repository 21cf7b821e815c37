import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { barOf } from '../src/progress.ts'
import { screenOf, wrap } from '../src/screen.ts'

const term = process.env['TERM']
afterEach(() => {
  if (term === undefined) delete process.env['TERM']
  else process.env['TERM'] = term
})

/** A stream as a process has them: a terminal with colours, or a pipe. */
function streamOf(columns?: number): NodeJS.WriteStream & { read(): unknown } {
  const facts = columns === undefined ? {} : { isTTY: true, columns, hasColors: (count: number) => count <= 256 }
  return Object.assign(new PassThrough(), facts) as unknown as NodeJS.WriteStream & { read(): unknown }
}

describe('a screen', () => {
  test('knows a terminal from a pipe', () => {
    process.env['TERM'] = 'xterm-256color'
    expect(screenOf(streamOf(120))).toMatchObject({ live: true, columns: 120, colors: true })
    expect(screenOf(streamOf())).toMatchObject({ live: false, columns: 80, colors: false })
    process.env['TERM'] = 'dumb'
    expect(screenOf(streamOf(120))).toMatchObject({ live: false, columns: 120, colors: false })
  })

  test('prints lines to one stream, and draws on another one', () => {
    process.env['TERM'] = 'xterm'
    const [out, progress] = [streamOf(), streamOf(60)]
    const screen = screenOf(out, progress)
    screen.print('a line')
    expect(screen).toMatchObject({ stream: progress, live: true, columns: 60, colors: false })
    expect([String(out.read()), progress.read()]).toEqual(['a line\n', null])
  })
})

test('text is broken between words', () => {
  expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  expect(wrap('one two three four', 11, 2)).toEqual(['one two', '  three', '  four'])
  expect(wrap('one two three', 80)).toEqual(['one two three'])
  expect(wrap('a-long-word and', 5)).toEqual(['a-long-word', 'and'])
})

describe('a bar', () => {
  const options = { words: 'at {name}', rest: ' {bar}!', from: 50, taken: 30 }

  /** What a bar at half its way draws. */
  function drawn(columns: number, clear = false): string {
    const stream = streamOf(columns)
    const bar = barOf({ stream, live: true, columns, colors: false, print: () => {} }, { ...options, clear })
    bar.start(2, 0, { name: 'it' })
    bar.increment()
    bar.update({ name: 'them' })
    bar.stop()
    return String(stream.read())
  }

  test.each([[60, 30], [50, 20], [200, 40]])('in %i columns has %i', (columns, width) => {
    expect(drawn(columns)).toContain(`at it ${'░'.repeat(width)}!`)
    expect(drawn(columns)).toContain(`at them ${'█'.repeat(width / 2)}${'░'.repeat(width / 2)}!`)
  })

  test('leaves a narrow screen to words', () => {
    expect(drawn(49)).toContain('at them')
    expect(drawn(49)).not.toMatch(/[░█!]/)
  })

  test('stays, or goes away', () => {
    expect(drawn(60)).toMatch(/\n$/)
    expect(drawn(60, true)).not.toContain('\n')
  })
})
