/** What the formulas read, by the names of the options. */
export interface Settings {
  learningRate: number; momentum: number; wd: number; clipGradient: number; beta1: number; beta2: number; epsilon: number
  rho: number; gamma1: number; gamma2: number; centered: boolean; clipWeights: number; wdLh: number; lamda1: number; beta: number; lamda: number
}

const NONE: Settings = {
  learningRate: 0.1, momentum: 0, wd: 0, clipGradient: Infinity, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
  rho: 0.9, gamma1: 0.9, gamma2: 0.9, centered: false, clipWeights: Infinity, wdLh: 0, lamda1: 0.01, beta: 1, lamda: 0.04,
}
const cut = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x))

type Formula = (w: number, gradients: readonly number[], options: Partial<Settings>) => number

/** A formula that steps one weight, in plain numbers; `start` says what else it keeps. */
function formula<State>(start: (w: number, s: Settings) => State, step: (w: number, gradient: number, state: State, s: Settings, t: number) => number, changed: Partial<Settings> = {}): Formula {
  return (w, gradients, options) => {
    const s = { ...NONE, ...changed, ...options }
    const state = start(w, s)
    gradients.forEach((gradient, i) => (w = step(w, gradient, state, s, i + 1)))
    return w
  }
}

/** The formulas of behaviour B-7.9 and of the papers behind it for one weight, in float64. */
export const FORMULAS = {
  sgd: formula(() => ({ m: 0 }), (w, gradient, state, s) => {
    state.m = s.momentum * state.m - s.learningRate * s.wd * w - s.learningRate * cut(gradient, s.clipGradient)
    return w + state.m
  }),
  nag: formula(() => ({ m: 0 }), (w, gradient, state, s) => {
    const before = state.m
    state.m = s.momentum * before - s.learningRate * (cut(gradient, s.clipGradient) + s.wd * w)
    return w + (s.momentum + 1) * state.m - s.momentum * before
  }),
  adam: formula(() => ({ m: 0, v: 0 }), (w, gradient, state, s, t) => {
    const g = cut(gradient + s.wd * w, s.clipGradient)
    state.m = s.beta1 * state.m + (1 - s.beta1) * g
    state.v = s.beta2 * state.v + (1 - s.beta2) * g * g
    return w - (s.learningRate * Math.sqrt(1 - s.beta2 ** t) / (1 - s.beta1 ** t)) * state.m / (Math.sqrt(state.v) + s.epsilon)
  }),
  adamax: formula(() => ({ m: 0, u: 0 }), (w, gradient, state, s, t) => {
    const g = cut(gradient + s.wd * w, s.clipGradient)
    state.m = s.beta1 * state.m + (1 - s.beta1) * g
    state.u = Math.max(s.beta2 * state.u, Math.abs(g))
    return w - s.learningRate / (1 - s.beta1 ** t) * state.m / (state.u + s.epsilon)
  }),
  adagrad: formula(() => ({ h: 0 }), (w, gradient, state, s) => {
    const g = cut(gradient, s.clipGradient)
    state.h += g * g
    return w - s.learningRate * (g / Math.sqrt(state.h + 1e-7) + s.wd * w)
  }),
  adadelta: formula(() => ({ a: 0, d: 0 }), (w, gradient, state, s) => {
    const g = cut(gradient, s.clipGradient)
    state.a = s.rho * state.a + (1 - s.rho) * g * g
    const change = Math.sqrt(state.d + 1e-5) / Math.sqrt(state.a + 1e-5) * g
    state.d = s.rho * state.d + (1 - s.rho) * change * change
    return w - change - s.wd * w
  }),
  rmsprop: formula(() => ({ n: 0, m: 0, d: 0 }), (w, gradient, state, s) => {
    const g = cut(gradient + s.wd * w, s.clipGradient)
    state.n = s.gamma1 * state.n + (1 - s.gamma1) * g * g
    state.m = s.gamma1 * state.m + (1 - s.gamma1) * g
    const plain = -s.learningRate * g / Math.sqrt(state.n + s.epsilon)
    state.d = s.gamma2 * state.d - s.learningRate * g / Math.sqrt(state.n - state.m * state.m + s.epsilon)
    return cut(w + (s.centered ? state.d : plain), s.clipWeights)
  }),
  signum: formula(() => ({ m: 0 }), (w, gradient, state, s) => {
    const g = cut(gradient, s.clipGradient)
    if (s.momentum === 0) return (1 - s.learningRate * (s.wd + s.wdLh)) * w - s.learningRate * Math.sign(g)
    state.m = s.momentum * state.m - (1 - s.momentum) * (g + s.wd * w)
    return (1 - s.learningRate * s.wdLh) * w + s.learningRate * Math.sign(state.m)
  }),
  ftrl: formula(() => ({ z: 0, n: 0 }), (w, gradient, state, s) => {
    const g = cut(gradient, s.clipGradient)
    const squares = state.n + g * g
    state.z += g - (Math.sqrt(squares) - Math.sqrt(state.n)) / s.learningRate * w
    state.n = squares
    if (Math.abs(state.z) <= s.lamda1) return 0
    return (Math.sign(state.z) * s.lamda1 - state.z) / ((s.beta + Math.sqrt(state.n)) / s.learningRate + s.wd)
  }),
  dcasgd: formula(w => ({ m: 0, earlier: w }), (w, gradient, state, s) => {
    const g = cut(gradient, s.clipGradient)
    state.m = s.momentum * state.m - s.learningRate * (g + s.wd * w + s.lamda * g * g * (w - state.earlier))
    state.earlier = w
    return w + state.m
  }),
}
