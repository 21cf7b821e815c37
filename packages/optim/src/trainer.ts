import type { Context, NDArray } from '@ashlar/core'
import { AshlarError, AssertionError, ValueError, autograd, describe, internal } from '@ashlar/core'
import { Parameter, ParameterDict } from '@ashlar/nn'
import type { OptimizerState } from './optimizer.ts'
import { Optimizer } from './optimizer.ts'
import type { OptimizerOptionsByName } from './registry.ts'
import { create } from './registry.ts'

/** What a trainer takes parameters from. */
export type TrainerParameters = ParameterDict | ReadonlyMap<string, Parameter> | Readonly<Record<string, Parameter>> | readonly Parameter[]

/** Which gradients a step may find unchanged. */
export interface StepOptions {
  /** Skip parameters that the last `backward` did not reach, instead of refusing them. */
  readonly ignoreStaleGrad?: boolean
}

/** One parameter with what its optimizer keeps, copy by copy. */
interface Slot {
  readonly parameter: Parameter
  states: OptimizerState[] | null
  updates: number
}

/**
 * Applies an optimizer to a network's parameters after each `backward`. Copies on several contexts get the sum of all
 * gradients and stay the same.
 *
 * @example
 * ```ts
 * import { autograd, np, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 * import { Dense } from '@ashlar/nn'
 * import { Trainer } from '@ashlar/optim'
 *
 * registerBackend(cpuBackend())
 * const net = new Dense(1, { inUnits: 1, useBias: false })
 * net.initialize('ones')
 * const trainer = new Trainer(net.collectParams(), 'sgd', { learningRate: 0.5 })
 * autograd.record(() => net(np.array([[2]]))).backward()
 * trainer.step(1)
 * console.log(net.weight.data())
 * // array([[0.]])
 * ```
 */
export class Trainer {
  readonly optimizer: Optimizer
  private readonly slots: readonly Slot[]

  /**
   * @param parameters a network's `collectParams()`, taken in the order of their names, or a list in its own order
   * @param optimizer a name such as `'sgd'` with its options, or an optimizer
   * @throws ValueError for anything else, RuntimeError for parameters that were never initialized, AssertionError where they lie on different contexts
   */
  constructor(parameters: TrainerParameters, optimizer: keyof OptimizerOptionsByName, options?: OptimizerOptionsByName[keyof OptimizerOptionsByName])
  constructor(parameters: TrainerParameters, optimizer: Optimizer | string, options?: object)
  constructor(parameters: TrainerParameters, optimizer: Optimizer | string, options: object = {}) {
    this.slots = listOf(parameters).map(parameter => ({ parameter, states: null, updates: 0 }))
    checkContexts(this.slots)
    if (optimizer instanceof Optimizer && Object.keys(options).length > 0) {
      throw new AssertionError('optimizer_params must be None if optimizer is an instance of Optimizer instead of str', { op: 'Trainer' })
    }
    this.optimizer = optimizer instanceof Optimizer ? optimizer : create(optimizer, options)
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return this.optimizer.learningRate
  }

  /** Sets the learning rate of the steps to come. */
  setLearningRate(rate: number): void {
    if (!Number.isFinite(rate)) throw new ValueError(`the learning rate must be a finite number, got ${describe(rate)}`, { op: 'Trainer.setLearningRate' })
    this.optimizer.learningRate = rate
  }

  /**
   * One step: sums the gradients of all copies, divides them by the batch size and updates every parameter.
   *
   * @throws AshlarError (a UserWarning in Gluon) for a gradient that no `backward` wrote since the last step; nothing is updated then
   */
  step(batchSize: number, options: StepOptions = {}): void {
    const slots = this.ready(batchSize, options)
    autograd.pause(() => internal(() => {
      for (const slot of slots) this.sumGradients(slot.parameter)
      for (const slot of slots) this.updateSlot(slot)
    }))
  }

  /** The first half of a step: every copy's gradient becomes the sum over all copies. */
  allreduceGrads(): void {
    autograd.pause(() => internal(() => {
      for (const { parameter } of this.slots) if (parameter.gradReq !== 'null') this.sumGradients(parameter)
    }))
  }

  /** The second half of a step: updates every parameter from its gradients as they are. */
  update(batchSize: number, options: StepOptions = {}): void {
    const slots = this.ready(batchSize, options)
    autograd.pause(() => internal(() => {
      for (const slot of slots) this.updateSlot(slot)
    }))
  }

  /** Checks everything before anything changes, and returns what is to be updated. */
  private ready(batchSize: number, options: StepOptions): Slot[] {
    if (typeof batchSize !== 'number' || !(batchSize > 0)) throw new ValueError(`the batch size must be a number above 0, got ${describe(batchSize)}`, { op: 'Trainer.step' })
    this.optimizer.rescaleGrad = 1 / batchSize
    const trained = this.slots.filter(({ parameter }) => parameter.gradReq !== 'null')
    checkContexts(trained)
    const fresh = trained.filter(({ parameter }) => parameter.listData().every(data => data.freshGrad))
    if (fresh.length < trained.length && options.ignoreStaleGrad !== true) {
      const stale = trained.find(slot => !fresh.includes(slot))!.parameter
      const context = stale.listData().find(data => !data.freshGrad)!.context
      throw new AshlarError(`Gradient of Parameter \`${stale.name}\` on context ${context} has not been updated by backward since last \`step\`. This could mean a bug in your model that made it only use a subset of the Parameters (Blocks) for this iteration. If you are intentionally only using a subset, call step with ignore_stale_grad=True to suppress this warning and skip updating of Parameters with stale gradient`, {}, 'UserWarning', 'ERR_STALE_GRADIENT')
    }
    return fresh
  }

  private sumGradients(parameter: Parameter): void {
    const gradients = parameter.listGrad()
    if (gradients.length === 1) return
    const home = gradients[0]!.context
    const total = gradients.slice(1).reduce((sum, gradient) => sum.add(gradient.asInContext(home)), gradients[0]!)
    for (const gradient of gradients) gradient.rename(total.asInContext(gradient.context))
  }

  private updateSlot(slot: Slot): void {
    const { parameter } = slot
    const copies = parameter.listData()
    slot.states = slot.states === null ? copies.map(weight => own(this.optimizer.createState(weight))) : follow(slot.states, copies)
    slot.updates++
    const settings = {
      learningRate: this.optimizer.learningRate * parameter.lrMult,
      wd: this.optimizer.wd * parameter.wdMult,
      updates: slot.updates,
    }
    slot.states = copies.map((weight, i) => {
      const before = slot.states![i]!
      const after = this.optimizer.step(weight, weight.grad!, before, settings)
      weight.rename(after.weight.astype(weight.dtype))
      weight.freshGrad = false
      for (const old of before) if (!after.state.includes(old)) old.release('by the next optimizer step')
      return own(after.state)
    })
  }
}

/** The states beside their weights. Where a parameter was moved since, the first state goes along: every copy's is the same. */
function follow(states: OptimizerState[], copies: readonly NDArray[]): OptimizerState[] {
  if (states.length === copies.length && states.every((state, i) => state.every(array => array.context.equals(copies[i]!.context)))) return states
  const moved = copies.map(({ context }) => own(states[0]!.map(array => array.copyto(context))))
  for (const old of states.flat()) old.release('when its parameter moved')
  return moved
}

/** Optimizer state outlives the step that made it. */
function own(state: OptimizerState): OptimizerState {
  for (const array of state) array.pinned = true
  return state
}

function listOf(parameters: TrainerParameters): Parameter[] {
  const named = Array.isArray(parameters) ? null : entriesOf(parameters)
  const list: readonly unknown[] = named === null ? (parameters as readonly unknown[]) : named.map(([, parameter]) => parameter)
  const wrong = list.find(parameter => !(parameter instanceof Parameter))
  if (wrong !== undefined) throw new ValueError(`First argument must be a list or dict of Parameters, got list of ${describe(wrong)}.`, { op: 'Trainer' })
  return list as Parameter[]
}

function entriesOf(parameters: unknown): [string, unknown][] {
  if (typeof parameters !== 'object' || parameters === null) throw new ValueError(`First argument must be a list or dict of Parameters, got ${describe(parameters)}.`, { op: 'Trainer' })
  const entries = parameters instanceof ParameterDict || parameters instanceof Map ? [...(parameters as Iterable<[string, unknown]>)] : Object.entries(parameters)
  // By name and in code-point order, as Gluon has it: dense10 comes before dense2.
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function checkContexts(slots: readonly Slot[]): void {
  const text = (contexts: readonly Context[]): string => `[${contexts.join(', ')}]`
  const first = slots[0]?.parameter
  for (const { parameter } of slots) {
    if (text(parameter.listCtx()) !== text(first!.listCtx())) {
      throw new AssertionError(`All Parameters must be initialized on the same set of contexts, but Parameter ${parameter.name} is initialized on ${text(parameter.listCtx())} while previous Parameters are initialized on ${text(first!.listCtx())}.`, { op: 'Trainer' })
    }
  }
}
