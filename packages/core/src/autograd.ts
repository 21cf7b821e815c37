import { checkArray } from './array-core.ts'
import { AshlarError, ValueError, typeError } from './errors.ts'
import { internal } from './memory.ts'
import type { NDArray } from './ndarray.ts'
import { add } from './ops/arithmetic.ts'
import { fillLike } from './ops/fill.ts'
import { cast } from './ops/cast.ts'
import { copy } from './ops/reshape.ts'
import { formatShape, sameShape } from './shape.ts'
import { state } from './state.ts'
import type { GradReq, GraphNode, TapeNode } from './tape.ts'
import { Leaf, withModes } from './tape.ts'

export { CustomFunction } from './custom-function.ts'
export { isRecording, isTraining, setRecording, setTraining } from './tape.ts'
export type { GradReq } from './tape.ts'

function synchronous<T>(fn: () => T, op: string): T {
  const result = fn()
  const candidate = result as { then?: unknown; next?: unknown } | null
  if (typeof candidate === 'object' && candidate !== null && (typeof candidate.then === 'function' || typeof candidate.next === 'function')) {
    throw typeError('the callback returned a promise or a generator, which would run after recording ended', { op, hint: 'make the callback synchronous' })
  }
  return result
}

/**
 * Records the operations that `fn` runs, so that `backward()` can find gradients, and returns what `fn` returns.
 *
 * @param options `trainMode` (default true): layers behave as in training
 * @example
 * ```ts
 * import { array, autograd, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const x = array([1, 2, 3])
 * x.attachGrad()
 * const y = autograd.record(() => x.mul(x).sum())
 * y.backward()
 * console.log(String(x.grad))
 * // [2. 4. 6.]
 * ```
 */
export function record<T>(fn: () => T, options: { readonly trainMode?: boolean } = {}): T {
  return withModes(true, options.trainMode ?? true, () => synchronous(fn, 'record'))
}

/** Runs `fn` without recording, inside `record` for example. `trainMode` defaults to false. */
export function pause<T>(fn: () => T, options: { readonly trainMode?: boolean } = {}): T {
  return withModes(false, options.trainMode ?? false, () => synchronous(fn, 'pause'))
}

/** Runs `fn` with layers in training mode; recording stays as it is. */
export function trainMode<T>(fn: () => T): T {
  return withModes(state.recording, true, () => synchronous(fn, 'trainMode'))
}

/** Runs `fn` with layers in prediction mode; recording stays as it is. */
export function predictMode<T>(fn: () => T): T {
  return withModes(state.recording, false, () => synchronous(fn, 'predictMode'))
}

/**
 * Makes `x` a leaf with a gradient of zeros; earlier history is dropped.
 *
 * @throws AssertionError for an unknown `gradReq`
 */
export function markVariable(x: NDArray, gradReq: GradReq = 'write'): void {
  if (gradReq !== 'write' && gradReq !== 'add' && gradReq !== 'null') {
    throw new ValueError(`grad_req must be one of 'write', 'add', or 'null', but got '${String(gradReq)}'`, { op: 'attachGrad' })
  }
  checkArray(x, 'attachGrad').endLeaf()
  x.node = new Leaf(gradReq === 'null' ? null : pinned(fillLike(x, 0)), gradReq)
}

/**
 * Makes arrays leaves whose gradients are written into arrays that are given.
 *
 * @param gradients one for each variable, of its shape
 * @param gradReqs one for all, or one for each
 * @throws ValueError where they do not agree
 */
export function markVariables(variables: readonly NDArray[], gradients: readonly NDArray[], gradReqs: GradReq | readonly GradReq[] = 'write'): void {
  const requests = typeof gradReqs === 'string' ? variables.map(() => gradReqs) : gradReqs
  if (variables.length !== gradients.length || variables.length !== requests.length) {
    throw new ValueError(`${variables.length} variables, ${gradients.length} gradients and ${requests.length} grad_reqs`, { op: 'markVariables' })
  }
  variables.forEach((x, i) => {
    if (!sameShape(checkArray(x, 'markVariables').shape, checkArray(gradients[i], 'markVariables').shape)) {
      throw new ValueError(`a gradient has its variable's shape ${formatShape(x.shape)}, got ${formatShape(gradients[i]!.shape)}`, { op: 'markVariables', shapes: [x.shape, gradients[i]!.shape] })
    }
  })
  variables.forEach((x, i) => {
    markVariable(x, requests[i])
    if (x.node?.kind !== 'leaf' || x.node.gradient === null) return
    const own = x.node.gradient
    own.pinned = false
    own.release('for the gradient that was given')
    x.node.gradient = gradients[i]!
  })
}

function pinned(gradient: NDArray): NDArray {
  gradient.pinned = true
  return gradient
}

/** What `backward` takes beside its heads. */
export interface BackwardOptions {
  /** Keep the graph for another run. */
  readonly retainGraph?: boolean
  /** Layers behave as in training while gradients are computed (default true). */
  readonly trainMode?: boolean
}

/**
 * Computes the gradients of `heads` with respect to every leaf that they were computed from, and writes them to the
 * leaves as their `gradReq` says. The graph is freed unless retained.
 *
 * @param headGradients one for each head, of its shape; null or none means ones
 * @throws AshlarError where a head was not recorded, or its graph is gone
 */
export function backward(
  heads: NDArray | readonly NDArray[],
  headGradients?: NDArray | null | readonly (NDArray | null)[],
  options: BackwardOptions = {},
): void {
  const list = checkHeads(heads, 'backward')
  const nodes = reachable(list, 'backward')
  const leaves = nodes.filter((node): node is Leaf => node.kind === 'leaf' && node.gradReq !== 'null')
  if (leaves.length === 0) throw new AshlarError('There are no inputs in computation graph that require gradients.', { op: 'backward' })
  withModes(false, options.trainMode ?? true, () => internal(() => {
    const gradients = propagate(nodes, list, listOf(headGradients), new Set(leaves))
    for (const leaf of leaves) {
      const gradient = gradients.get(leaf)
      if (gradient !== undefined) deliver(leaf, gradient)
    }
  }))
  if (options.retainGraph !== true) free(nodes)
}

/** What `grad` takes beside its heads and variables. */
export interface GradOptions {
  /** One for each head, of its shape; null or none means ones. */
  readonly headGrads?: NDArray | null | readonly (NDArray | null)[]
  /** Keep the graph for another run (default: what `createGraph` says). */
  readonly retainGraph?: boolean
  /** Record the gradients themselves, so that they can be differentiated again. */
  readonly createGraph?: boolean
  readonly trainMode?: boolean
}

/**
 * The gradients of `heads` with respect to `variables`, as new arrays in a list; no `.grad` is touched.
 *
 * @throws AshlarError for a variable that is no leaf of the graph
 * @example
 * ```ts
 * import { array, autograd, registerBackend } from '@ashlar/core'
 * import { cpuBackend } from '@ashlar/backend-cpu'
 *
 * registerBackend(cpuBackend())
 * const x = array(3)
 * x.attachGrad()
 * const [first] = autograd.record(() => autograd.grad(x.mul(x).mul(x), x, { createGraph: true }))
 * const [second] = autograd.grad(first!, x)
 * console.log(String(first), String(second))
 * // 27.0 18.0
 * ```
 */
export function grad(heads: NDArray | readonly NDArray[], variables: NDArray | readonly NDArray[], options: GradOptions = {}): NDArray[] {
  const list = checkHeads(heads, 'grad')
  const wanted = (Array.isArray(variables) ? variables : [variables]).map((x, i) => {
    const node = checkArray(x, 'grad').node
    if (node?.kind === 'leaf') return node
    throw new AshlarError(`Cannot differentiate with respect to the ${i + 1}-th variable because it does not require gradient.`, {
      op: 'grad',
      hint: 'call attachGrad() on it before recording',
    })
  })
  const nodes = reachable(list, 'grad')
  const createGraph = options.createGraph ?? false
  const result = withModes(createGraph, options.trainMode ?? true, () => internal(() => {
    const gradients = propagate(nodes, list, listOf(options.headGrads), new Set(wanted))
    return wanted.map((leaf, i) => renamed(gradients.get(leaf)) ?? fillLike((Array.isArray(variables) ? variables[i] : variables) as NDArray, 0))
  }))
  if (!(options.retainGraph ?? createGraph)) free(nodes)
  return result
}

/** A result of its own: a gradient may be the head gradient that the caller gave, or the same for two variables. */
function renamed(gradient: NDArray | undefined): NDArray | undefined {
  const result = gradient?.share()
  if (result !== undefined) result.node = gradient!.node
  return result
}

function listOf(value: NDArray | null | undefined | readonly (NDArray | null)[]): readonly (NDArray | null)[] {
  return value === null || value === undefined ? [] : Array.isArray(value) ? value : [value as NDArray]
}

function checkHeads(heads: NDArray | readonly NDArray[], op: string): NDArray[] {
  const list: readonly NDArray[] = Array.isArray(heads) ? heads : [heads as NDArray]
  if (list.length === 0) throw new ValueError('needs at least one head', { op })
  return list.map(head => checkArray(head, op))
}

const NOT_IN_GRAPH = 'Cannot differentiate node because it is not in a computational graph. You need to set is_recording to true or use'
  + ' autograd.record() to save computational graphs for backward. If you want to differentiate the same graph twice, you need to pass retain_graph=True to backward.'

/** Numbers the walks, each of which leaves its number on the nodes that it has come by. */
let walks = 0

/** Every node that the heads were computed from, later ones first; what lies behind `ends` is left out. */
function reachable(heads: readonly NDArray[], op: string, ends?: ReadonlySet<GraphNode>): GraphNode[] {
  const walk = ++walks
  const found: GraphNode[] = []
  const visit = (node: GraphNode): void => {
    if (node.walk === walk) return
    node.walk = walk
    found.push(node)
  }
  for (const head of heads) {
    if (head.node === null) throw new AshlarError(NOT_IN_GRAPH, { op, shapes: [head.shape] })
    visit(head.node)
  }
  for (let i = 0; i < found.length; i++) {
    const node = found[i]!
    if (node.kind === 'leaf' || ends?.has(node) === true) continue
    if (node.inputs === null) throw new AshlarError(NOT_IN_GRAPH, { op })
    for (const input of node.inputs) if (input.node !== null) visit(input.node)
  }
  return found.sort((one, other) => other.sequence - one.sequence)
}

/**
 * For each node, later ones first, where its inputs' nodes stand; -1 for inputs that lead to no wanted node, and null for nodes that
 * lead to none. Gradients may run user code that walks over the same nodes, so all is looked up before.
 */
function sourcesOf(nodes: readonly GraphNode[], wanted: ReadonlySet<GraphNode>): (readonly number[] | null)[] {
  nodes.forEach((node, i) => (node.position = i))
  const sources = new Array<readonly number[] | null>(nodes.length).fill(null)
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!
    if (wanted.has(node)) sources[i] = []
    else if (node.kind === 'op') {
      let leads = false
      const positions = node.inputs!.map(({ node: source }) => {
        if (source === null || nodes[source.position] !== source || sources[source.position] === null) return -1
        leads = true
        return source.position
      })
      if (leads) sources[i] = positions
    }
  }
  return sources
}

/** Walks from the heads back, and returns the gradients of the wanted nodes, where it ends. Nodes that lead to none are left out. */
function propagate(
  nodes: readonly GraphNode[],
  heads: readonly NDArray[],
  headGradients: readonly (NDArray | null)[],
  wanted: ReadonlySet<GraphNode>,
): Map<GraphNode, NDArray> {
  const sources = sourcesOf(nodes, wanted)
  const gradients = new Array<NDArray | null>(nodes.length).fill(null)
  const first = heads.map(head => head.node!.position)
  heads.forEach((head, i) => accumulate(gradients, first[i]!, headGradient(head, headGradients[i] ?? null)))
  const result = new Map<GraphNode, NDArray>()
  for (let i = 0; i < nodes.length; i++) {
    const [node, gradient] = [nodes[i]!, gradients[i]!]
    if (gradient === null || sources[i] === null) continue
    if (wanted.has(node)) result.set(node, gradient)
    else step(node as TapeNode, gradient, sources[i]!, gradients)
    gradients[i] = null
  }
  return result
}

function headGradient(head: NDArray, given: NDArray | null): NDArray {
  if (given === null) return fillLike(head, 1)
  if (!sameShape(checkArray(given, 'backward').shape, head.shape)) {
    throw new ValueError(`a head gradient has its head's shape ${formatShape(head.shape)}, got ${formatShape(given.shape)}`, {
      op: 'backward',
      shapes: [head.shape, given.shape],
    })
  }
  return cast(given, head.dtype)
}

function step(node: TapeNode, gradient: NDArray, sources: readonly number[], gradients: (NDArray | null)[]): void {
  const entries = node.op.vjp === null ? derived(node, gradient, sources) : node.op.vjp(gradient, node.inputs!, node.output!, node.attributes)
  for (let i = 0; i < sources.length; i++) {
    const entry = entries[i] ?? null
    if (sources[i]! < 0 || entry === null) continue
    accumulate(gradients, sources[i]!, typeof entry === 'function' ? entry() : entry)
  }
}

/** The gradient of a composition that a backend ran as one: that of its steps, which are run for it now. */
function derived({ op, inputs, attributes }: TapeNode, gradient: NDArray, sources: readonly number[]): readonly (NDArray | null)[] {
  // Copies of the inputs mark where the composition begins; they lead on to what the inputs were computed from.
  const [starts, output] = withModes(true, state.training, () => {
    const copies = inputs!.map((input, i) => (sources[i]! < 0 ? input.detach() : copy(input)))
    return [copies, op.compose!(copies, attributes)] as const
  })
  const ends = new Set(starts.flatMap(({ node }) => node ?? []))
  if (output.node === null) return []
  const steps = reachable([output], op.name, ends)
  const found = propagate(steps, [output], [gradient], ends)
  const gradients = starts.map(({ node }) => (node === null ? null : found.get(node) ?? null))
  // What gradients of gradients do not need is done with.
  const kept = new Set(reachable(gradients.filter(each => each !== null && each.node !== null) as NDArray[], op.name, ends))
  free([...steps, ...ends].filter(node => !kept.has(node)))
  return gradients
}

function accumulate(gradients: (NDArray | null)[], position: number, gradient: NDArray): void {
  const before = gradients[position]!
  gradients[position] = before === null ? gradient : add(before, gradient)
}

function deliver(leaf: Leaf, gradient: NDArray): void {
  const target = leaf.gradient!
  const value = leaf.gradReq === 'add' ? add(target, gradient) : gradient
  target.rename(cast(value, target.dtype))
  leaf.fresh = true
}

function free(nodes: readonly GraphNode[]): void {
  for (const node of nodes) if (node.kind === 'op') node.free()
}
