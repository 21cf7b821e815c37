import { describe, expect, it } from 'vitest'
import { array, autograd } from '@ashlar/core'
import { cleanState } from '../support/clean-state.ts'
import { thrownBy } from '../support/thrown.ts'

const SCOPES = [['record', autograd.record], ['pause', autograd.pause], ['trainMode', autograd.trainMode], ['predictMode', autograd.predictMode]] as const

const modes = (): [boolean, boolean] => [autograd.isRecording(), autograd.isTraining()]

describe('recording and training modes (B-12.1)', () => {
  cleanState()

  it('is neither recording nor training at first', () => expect(modes()).toEqual([false, false]))

  it('record trains unless told otherwise, and returns what its callback returns', () => {
    expect(autograd.record(modes)).toEqual([true, true])
    expect(autograd.record(modes, { trainMode: false })).toEqual([true, false])
    expect(modes()).toEqual([false, false])
  })

  it('pause neither records nor trains unless told otherwise', () => {
    expect(autograd.record(() => autograd.pause(modes))).toEqual([false, false])
    expect(autograd.record(() => autograd.pause(modes, { trainMode: true }))).toEqual([false, true])
  })

  it('trainMode and predictMode leave recording as it is', () => {
    expect(autograd.trainMode(modes)).toEqual([false, true])
    expect(autograd.predictMode(modes)).toEqual([false, false])
    expect(autograd.record(() => autograd.predictMode(modes))).toEqual([true, false])
    expect(autograd.record(() => autograd.trainMode(modes), { trainMode: false })).toEqual([true, true])
  })

  it('nested scopes restore exactly what was there', () => {
    const seen: [boolean, boolean][] = []
    const look = (): number => seen.push(modes())
    autograd.record(() => {
      look()
      autograd.pause(() => {
        look()
        autograd.record(() => {
          look()
          autograd.predictMode(look)
          look()
        }, { trainMode: false })
        look()
      })
      look()
    })
    expect(seen).toEqual([[true, true], [false, false], [true, false], [true, false], [true, false], [false, false], [true, true]])
  })

  it.each(SCOPES)('%s restores when its callback throws', (_, run) => {
    const boom = new Error('boom')
    const fail = (): never => { throw boom }
    expect(() => autograd.record(() => {
      expect(() => run(fail)).toThrow(boom)
      expect(modes()).toEqual([true, true])
      fail()
    })).toThrow(boom)
    expect(modes()).toEqual([false, false])
  })

  it.each(SCOPES)('%s refuses promises and generators', (_, run) => {
    const later = thrownBy(() => run(async () => 1))
    expect(later).toBeInstanceOf(TypeError)
    expect(later.message).toContain('promise')
    const steps = thrownBy(() => run(function* steps() { yield 1 }))
    expect(steps.message).toContain('generator')
    expect(modes()).toEqual([false, false])
  })

  it('setRecording and setTraining return what was there before', () => {
    expect(autograd.setRecording(true)).toBe(false)
    expect(autograd.setRecording(true)).toBe(true)
    expect(autograd.setRecording(false)).toBe(true)
    expect(autograd.setTraining(true)).toBe(false)
    expect(autograd.setTraining(false)).toBe(true)
  })

  it('what pause computes is a constant', () => {
    const x = array([1, 2])
    x.attachGrad()
    const y = autograd.record(() => x.mul(autograd.pause(() => x.mul(x))))
    y.backward()
    expect(x.grad!.tolist()).toEqual([1, 4])
  })
})
