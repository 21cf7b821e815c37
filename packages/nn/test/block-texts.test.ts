import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { np } from '@ashlar/core'
import { Activation, Block, Dense, Sequential } from '@ashlar/nn'
import { freshProcess, goldenPath } from './support.ts'

const golden = JSON.parse(readFileSync(goldenPath('block-texts.json'), 'utf8')) as { reprs: string[]; errors: Record<string, string> }

const BLOCKS: Record<string, () => Block> = {
  'Dense(-1 -> 10, linear)': () => new Dense(10),
  'Dense(20 -> 10, Activation(relu))': () => new Dense(10, { inUnits: 20, activation: 'relu' }),
  'Activation(relu)': () => new Activation('relu'),
  'Sequential(\n\n)': () => new Sequential(),
}

/** What each error is made by; layers are named as they were there. */
const ERRORS: Record<string, () => unknown> = {
  'unknown activation': () => new Activation('nope' as never),
  'not initialised': () => new Dense(1, { prefix: 'dense5_' }).weight.data(),
  'forward without initialize': () => new Dense(1, { prefix: 'dense6_' })(np.ones([1, 2])),
  deferred: () => {
    const layer = new Dense(1, { prefix: 'dense7_' })
    layer.initialize()
    return layer.weight.data()
  },
  'Sequential index': () => new Sequential(new Dense(1)).at(3),
  'Block forward': () => new Block()(1),
}

describe('texts of MXNet', () => {
  freshProcess()

  it.each(golden.reprs)('B-10.2, B-3.11: %j', text => {
    const block = (BLOCKS[text] ?? expect.fail(`no block for ${text}`))()
    expect([block.repr(), String(block)]).toEqual([text, text])
  })

  it.each(Object.keys(golden.errors))('S5.3-03, S5.3-04, B-3.10, error: %s', key => {
    const [, name, text] = /^(\w+): (?:MXNetError: )?([^]*?)(?:, in operator [^]*)?$/.exec(golden.errors[key]!)!
    // An unknown activation is refused at once, as a ValueError.
    const expected = key === 'unknown activation' ? 'ValueError' : name
    expect(ERRORS[key] ?? expect.fail(`nothing makes ${key}`)).toThrow(expect.objectContaining({ name: expected, message: expect.stringContaining(text!) }))
  })
})
