import type { NDArray } from './ndarray.ts'
import type { Op } from './op.ts'
import { state } from './state.ts'

/** What `backward` does with a leaf's gradient. */
export type GradReq = 'write' | 'add' | 'null'

/** A leaf: an array whose gradient is wanted. */
export class Leaf {
  readonly kind = 'leaf'
  readonly sequence: number
  gradient: NDArray | null
  gradReq: GradReq
  /** See autograd.ts: the last walk that came by, and the place in its list. */
  walk = 0
  position = 0
  /** Written by a backward since the last trainer step (behaviour B-12.10). */
  fresh = false

  constructor(gradient: NDArray | null, gradReq: GradReq) {
    this.sequence = state.sequence++
    this.gradient = gradient
    this.gradReq = gradReq
  }
}

/** One recorded operation. It keeps names of its own for its inputs and output, so later renames cannot reach it. */
export class TapeNode {
  readonly kind = 'op'
  readonly sequence: number
  readonly op: Op
  readonly attributes: object
  /** null once freed */
  inputs: readonly NDArray[] | null
  output: NDArray | null = null
  /** See autograd.ts: the last walk that came by, and the place in its list. */
  walk = 0
  position = 0
  // See memory.ts: a scope ends what is left of the tape that was made in it.
  readonly pinned = false
  readonly kept = false
  readonly seen = false

  constructor(op: Op, inputs: readonly NDArray[], attributes: object) {
    this.sequence = state.sequence++
    this.op = op
    this.attributes = attributes
    this.inputs = inputs
    state.scope?.push(this)
  }

  end(): void {
    this.free()
  }

  /** Gives the buffers back that only the graph held. */
  free(): void {
    if (this.inputs === null) return
    for (const input of this.inputs) input.release('with its graph')
    this.output?.release('with its graph')
    this.inputs = null
    this.output = null
  }
}

export type GraphNode = Leaf | TapeNode

/** Whether operations are being recorded. */
export function isRecording(): boolean {
  return state.recording
}

/** Whether layers run in training mode (dropout drops, batch norm takes batch statistics). */
export function isTraining(): boolean {
  return state.training
}

/** Switches recording and returns what it was; prefer the callback forms, which restore. */
export function setRecording(on: boolean): boolean {
  const before = state.recording
  state.recording = on
  return before
}

/** Switches training mode and returns what it was; prefer the callback forms, which restore. */
export function setTraining(on: boolean): boolean {
  const before = state.training
  state.training = on
  return before
}

/** Runs `fn` with the two switches set, and restores both, on a throw too. */
export function withModes<T>(recording: boolean, training: boolean, fn: () => T): T {
  const wasRecording = setRecording(recording)
  const wasTraining = setTraining(training)
  try {
    return fn()
  } finally {
    state.recording = wasRecording
    state.training = wasTraining
  }
}
