import { AssertionError, ValueError, autograd, describe, internal } from '@ashlar/core'
import { Parameter, ParameterDict } from '@ashlar/nn'
import { anyFresh, checkContexts, checkFresh, sumGradients } from './gradients.ts'
import type { TrainerOptions } from './kvstore.ts'
import { checkTrainerOptions } from './kvstore.ts'
import type { StepSettings } from './optimizer.ts'
import { Optimizer } from './optimizer.ts'
import type { OptimizerOptionsByName } from './registry.ts'
import { create } from './registry.ts'
import type { Kept, Slot } from './slot.ts'
import { own, release, settle, stepCopy } from './slot.ts'
import { loadStates, saveStates } from './states-file.ts'

/** What a trainer takes parameters from. */
export type TrainerParameters = ParameterDict | ReadonlyMap<string, Parameter> | Readonly<Record<string, Parameter>> | readonly Parameter[]

/** Which gradients a step may find unchanged. */
export interface StepOptions {
  /** Skip parameters that the last `backward` did not reach, instead of refusing them. */
  readonly ignoreStaleGrad?: boolean
}

/** A parameter that a step is about to update, and how far. */
interface Planned {
  readonly slot: Slot
  readonly settings: StepSettings
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
  private readonly options: Required<TrainerOptions>

  /**
   * @param parameters a network's `collectParams()`, taken in the order of their names, or a list in its own order
   * @param optimizer a name such as `'sgd'` with its options, or an optimizer
   * @param trainerOptions how several contexts work together
   * @throws ValueError for anything else, RuntimeError for parameters that were never initialized, AssertionError where they lie on
   *   different contexts, NotImplementedError for what only training on several machines needs
   */
  constructor(parameters: TrainerParameters, optimizer: keyof OptimizerOptionsByName, options?: OptimizerOptionsByName[keyof OptimizerOptionsByName] | null, trainerOptions?: TrainerOptions)
  constructor(parameters: TrainerParameters, optimizer: Optimizer | string, options?: object | null, trainerOptions?: TrainerOptions)
  constructor(parameters: TrainerParameters, optimizer: Optimizer | string, options: object | null = null, trainerOptions: TrainerOptions = {}) {
    const list = listOf(parameters)
    this.options = checkTrainerOptions(trainerOptions)
    if (optimizer instanceof Optimizer && options !== null && Object.keys(options).length > 0) {
      throw new AssertionError('optimizer_params must be None if optimizer is an instance of Optimizer instead of str', { op: 'Trainer' })
    }
    this.optimizer = optimizer instanceof Optimizer ? optimizer : create(optimizer, options ?? {})
    this.slots = list.map(parameter => ({ parameter, kept: null, updates: this.optimizer.beginNumUpdate, summed: false }))
    checkContexts(this.slots)
  }

  /** The learning rate of the last step, or of the first where there was none. */
  get learningRate(): number {
    return this.optimizer.learningRate
  }

  /** Sets the learning rate of the steps to come. @throws AshlarError (a UserWarning in Gluon) where a scheduler says it */
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
    const planned = this.plan(batchSize, options)
    autograd.pause(() => internal(() => {
      if (this.options.kvstore !== null) for (const { slot } of planned) sumGradients(slot)
      for (const each of planned) this.updateSlot(each)
    }))
  }

  /**
   * The first half of a step: every copy's gradient becomes the sum over all copies. With several contexts the trainer has to
   * be made with `{ updateOnKvstore: false }`.
   *
   * @throws AssertionError where it was not
   */
  allreduceGrads(): void {
    this.checkHalf('allreduce_grads')
    if (this.options.kvstore === null) return
    autograd.pause(() => internal(() => {
      for (const slot of this.trained()) sumGradients(slot)
    }))
  }

  /** The second half of a step: updates every parameter from its gradients as they are. @throws as `allreduceGrads` and `step` do */
  update(batchSize: number, options: StepOptions = {}): void {
    this.checkHalf('update')
    const planned = this.plan(batchSize, options)
    autograd.pause(() => internal(() => {
      for (const each of planned) this.updateSlot(each)
    }))
  }

  /**
   * Saves what the optimizer keeps, such as momentum, with the numbers of updates, the learning rate and what the scheduler
   * remembers, so that a trainer made in the same way goes on from there exactly. Multipliers such as `lrMult` belong to the
   * parameters. The file is one of named arrays in MXNet's `.params` format, written all at once or not at all.
   *
   * @throws FileError where the file cannot be written
   */
  saveStates(file: string): void {
    saveStates(file, this.optimizer, this.slots)
  }

  /**
   * Takes up what {@link Trainer.saveStates} saved. Nothing changes where it throws.
   *
   * @throws FileError where the file cannot be read, FormatError where it is damaged, ValueError where it holds something else, or
   *   was saved with another optimizer or for other parameters
   */
  loadStates(file: string): void {
    autograd.pause(() => loadStates(file, this.optimizer, this.slots))
  }

  private trained(): Slot[] {
    return this.slots.filter(({ parameter }) => parameter.gradReq !== 'null')
  }

  /** Behaviour B-7.4: in halves only where updates are not said to happen within the exchange of gradients. */
  private checkHalf(name: string): void {
    if (this.options.kvstore === null || this.options.updateOnKvstore === false || (this.slots[0]?.parameter.listCtx().length ?? 0) < 2) return
    throw new AssertionError(`${name}() when parameters are updated on kvstore is not supported. Try setting \`update_on_kvstore\` to False when creating trainer.`, { op: 'Trainer', hint: 'new Trainer(parameters, optimizer, options, { updateOnKvstore: false })' })
  }

  /** Checks everything before anything changes, and returns what is to be updated. */
  private plan(batchSize: number, options: StepOptions): Planned[] {
    if (typeof batchSize !== 'number' || !(batchSize > 0)) throw new ValueError(`the batch size must be a number above 0, got ${describe(batchSize)}`, { op: 'Trainer.step' })
    const trained = this.trained()
    checkContexts(trained)
    const ignore = options.ignoreStaleGrad === true
    if (!ignore) {
      // Whoever forgot the first forward is better told so than that some other parameter is stale.
      for (const { parameter } of trained) parameter.listData()
      trained.forEach(checkFresh)
    }
    // A parameter whose shape is not known yet took no part in any backward.
    const slots = ignore ? trained.filter(slot => !slot.parameter.deferred && anyFresh(slot)) : trained
    const { optimizer } = this
    let { numUpdate } = optimizer
    const planned = slots.map(slot => {
      const updates = slot.updates + 1
      numUpdate = Math.max(numUpdate, updates)
      const { lrMult, wdMult, name } = slot.parameter
      return { slot, settings: { learningRate: optimizer.rateAt(numUpdate) * lrMult, wd: optimizer.wd * wdMult, updates, rescaleGrad: optimizer.rescaleGrad / batchSize, parameter: name } }
    })
    optimizer.numUpdate = numUpdate
    return planned
  }

  private updateSlot({ slot, settings }: Planned): void {
    const { optimizer } = this
    const copies = slot.parameter.listData()
    const before = settle(slot, optimizer, copies)
    const derived = optimizer.derive(settings)
    const shared = slot.summed && optimizer.stochastic
    const after: Kept[] = []
    for (const [i, weight] of copies.entries()) {
      // What only some contexts computed is what all of them get once it is summed; before, each has its own.
      if (!slot.summed && !weight.freshGrad) after.push(before[i]!)
      else if (shared && i > 0) {
        weight.rename(copies[0]!.copyto(weight.context))
        after.push(own({ master: after[0]!.master?.copyto(weight.context) ?? null, state: after[0]!.state.map(array => array.copyto(weight.context)) }))
      } else after.push(stepCopy(optimizer, weight, before[i]!, derived))
    }
    for (const weight of copies) weight.freshGrad = false
    slot.kept = after
    slot.updates = settings.updates
    slot.summed = false
    release(before, after, 'by the next optimizer step')
  }
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
