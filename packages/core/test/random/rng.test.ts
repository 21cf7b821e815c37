import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fillNormal, fillUniform, MT19937, RandomState } from '../../src/random/index.ts'
import { readGolden } from '../golden/read.ts'

interface Golden {
  uniformBySeed: Record<string, number[]>
  uniformSeed0: number[]
  normalSeed0: number[]
  normalSeed128: number[]
  input: number[]
  positionAfterInput: number
  weightHashes: { network: string; hidden: string; output: string; position: number }[]
  weightCorners: number[][]
  positionBeforeNormal: number
  normalRow: number[]
  positionAfterNormal: number
  xavierBound: number
  xavierRow: number[]
  positionAfterXavier: number
  wideRow: number[]
  positionAfterWide: number
}

const golden = readGolden('rng.json') as Golden

function uniform(state: RandomState, length: number, low = 0, high = 1): Float32Array {
  const out = new Float32Array(length)
  fillUniform(state.main, out, low, high)
  return out
}

function normal(state: RandomState, length: number, mean = 0, scale = 1): Float32Array {
  const out = new Float32Array(length)
  fillNormal(state.main, out, mean, scale)
  return out
}

function seeded(seed: number): RandomState {
  const state = new RandomState()
  state.seed(seed)
  return state
}

function sha256(values: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')
}

describe('the main stream', () => {
  it.each(Object.entries(golden.uniformBySeed))('draws the uniforms of seed %s', (seed, expected) => {
    expect([...uniform(seeded(Number(seed)), expected.length)]).toEqual(expected)
  })

  it('starts with seed 0', () => {
    expect([...uniform(new RandomState(), 40)]).toEqual(golden.uniformSeed0)
  })

  it('draws the normals of the course exactly', () => {
    expect([...normal(seeded(0), 12)]).toEqual(golden.normalSeed0)
    expect([...normal(seeded(128), 4)]).toEqual(golden.normalSeed128)
  })

  it('drops the second draw of a pair at the end of a fill', () => {
    const [first] = normal(seeded(0), 1)
    const state = seeded(0)
    const odd = normal(state, 3)
    const pairs = golden.normalSeed0.slice(0, 3)
    expect([first, ...odd]).toEqual([golden.normalSeed0[0], ...pairs])
    expect(normal(state, 1)[0]).toBe(golden.normalSeed0[4])
  })
})

describe('a process that runs the course', () => {
  it('gets the input, the weights and the stream positions of section 5.1', () => {
    const state = new RandomState()
    expect([...uniform(state, 40)]).toEqual(golden.input)
    expect(state.position).toBe(golden.positionAfterInput)
    for (const { hidden, output, position } of golden.weightHashes) {
      expect(sha256(uniform(state, 256 * 20, -0.07, 0.07))).toBe(hidden)
      expect(sha256(uniform(state, 10 * 256, -0.07, 0.07))).toBe(output)
      expect(state.position).toBe(position)
    }
  })

  it('gets the initialisations of section 5.2', () => {
    const state = new RandomState()
    uniform(state, 40)
    const weight = uniform(state, 256 * 20, -0.07, 0.07)
    expect(Array.from(weight.slice(0, 3))).toEqual(golden.weightCorners[0])
    uniform(state, golden.positionBeforeNormal - state.position)
    expect(Array.from(normal(state, 256 * 20, 0, 0.01).slice(0, 20))).toEqual(golden.normalRow)
    normal(state, 10 * 256, 0, 0.01)
    expect(state.position).toBe(golden.positionAfterNormal)
    const xavier = uniform(state, 256 * 20, -golden.xavierBound, golden.xavierBound)
    expect(Array.from(xavier.slice(0, 20))).toEqual(golden.xavierRow)
    expect(state.position).toBe(golden.positionAfterXavier)
    const wide = uniform(state, 256 * 20, -10, 10).slice(0, 20)
    expect(Array.from(wide, (value) => value * Number(Math.abs(value) >= 5))).toEqual(golden.wideRow)
    uniform(state, 10 * 256)
    expect(state.position).toBe(golden.positionAfterWide)
  })
})

describe('MT19937', () => {
  it('gives the outputs of the reference implementation for its default seed', () => {
    const engine = new MT19937(5489)
    expect([engine.next(), engine.next()]).toEqual([3499211612, 581869302])
    for (let i = 2; i < 9999; i++) engine.next()
    // The C++ standard demands this 10000th output of std::mt19937.
    expect(engine.next()).toBe(4123659995)
    expect(engine.position).toBe(10000)
  })

  it('continues from a saved state, again and again', () => {
    const engine = new MT19937(7)
    for (let i = 0; i < 1000; i++) engine.next()
    const state = engine.save()
    const draw = (): number[] => Array.from({ length: 700 }, () => engine.next())
    const first = draw()
    const other = new MT19937(1)
    for (const each of [engine, other]) {
      each.restore(state)
      expect(each.position).toBe(1000)
    }
    expect(draw()).toEqual(first)
    expect(first).toContain(other.next())
    expect(other.position).toBe(1001)
  })
})
