import { np, npx } from '@ashlar/core'
import * as core from '@ashlar/core'
import type { NDArray, Operand } from '@ashlar/core'

const BINARY: Readonly<Record<string, (a: Operand, b: Operand) => NDArray>> = {
  '+': core.add, '-': core.sub, '*': core.mul, '/': core.div, '%': core.mod, '**': core.power, '==': core.eq, '>': core.gt,
}

const ELEMENTWISE: Readonly<Record<string, (x: NDArray) => NDArray>> = {
  'np.abs': np.abs, 'np.exp': np.exp, 'np.sqrt': np.sqrt, 'np.sign': np.sign, 'np.floor': np.floor, 'np.tanh': np.tanh, 'np.log': np.log,
  'npx.relu': npx.relu, 'np.argmax': x => np.argmax(x), 'np.var': x => np.var(x), 'np.std': x => np.std(x),
  'np.linalg.norm': x => np.norm(x), 'npx.log_softmax': x => npx.logSoftmax(x),
}

/** Expressions of the golden file that no rule below reads. */
const WHOLE: Readonly<Record<string, (f: NDArray) => NDArray>> = {
  'np.arange(3)': () => np.arange(3),
  'np.arange(1,7,2)': () => np.arange(1, 7, 2),
  'np.linspace(0,1,5)': () => np.linspace(0, 1, 5),
  'np.eye(2)': () => np.eye(2),
  'np.full((2,),3)': () => np.full([2], 3),
  'np.zeros(2,dtype="int32")': () => np.zeros(2, { dtype: 'int32' }),
  'np.array([True,False])': () => np.array([true, false]),
  'np.array([1,2])': () => np.array([1, 2]),
  'np.clip(f,-1,1)': f => np.clip(f, -1, 1),
  'npx.one_hot(np.array([0,2]),3)': () => npx.oneHot(np.array([0, 2]), 3),
  'np.stack([f,f])': f => np.stack([f, f]),
  'f.reshape(-1,1).T': f => f.reshape(-1, 1).T,
  'f[::-1]': f => f.get('::-1'),
  'f[np.array([2,0])]': f => f.get(np.array([2, 0])),
  'f[f>0]': f => f.get(f.gt(0)),
  'npx.topk(f,k=2)': f => npx.topk(f, { k: 2 }).indices,
  'np.unique(np.array([3,1,1]))': () => np.unique(np.array([3, 1, 1])),
  'np.sort(f)': f => np.sort(f),
  'np.argsort(f)': f => np.argsort(f),
  'np.tensordot(f,f,axes=1)': f => np.tensordot(f, f, 1),
}

/** Python's expression over the operands, run with Ashlar's functions; null where core has no such function. */
export function evaluate(expression: string, operands: Readonly<Record<string, NDArray>>): NDArray | null {
  const whole = WHOLE[expression]
  if (whole !== undefined) return whole(operands['f']!)
  const value = (text: string): Operand => operands[text] ?? Number(text)
  let match = /^(\w+(?:\.\d+)?)(\*\*|==|[-+*/%>])(\w+(?:\.\d+)?)$/u.exec(expression)
  if (match) return BINARY[match[2]!]!(value(match[1]!), value(match[3]!))
  match = /^-(\w)$/u.exec(expression)
  if (match) return core.neg(operands[match[1]!]!)
  match = /^(\w)\.(sum|mean|max|cumsum)\(\)$/u.exec(expression)
  if (match) return operands[match[1]!]![match[2] as 'sum' | 'mean' | 'max' | 'cumsum']()
  match = /^([\w.]+)\((\w)\)$/u.exec(expression)
  if (match && match[1]! in ELEMENTWISE) return ELEMENTWISE[match[1]!]!(operands[match[2]!]!)
  match = /^np\.dot\((\w),(\w)\)$/u.exec(expression)
  if (match) return core.dot(operands[match[1]!]!, operands[match[2]!]!)
  match = /^np\.where\((\w)>0,(\w),(\w)\)$/u.exec(expression)
  if (match) return core.where(core.gt(operands[match[1]!]!, 0), operands[match[2]!]!, operands[match[3]!]!)
  match = /^np\.maximum\((\w),1\)$/u.exec(expression)
  if (match) return core.maximum(operands[match[1]!]!, 1)
  match = /^np\.concatenate\(\[(\w),(\w)\]\)$/u.exec(expression)
  if (match) return core.concatenate([operands[match[1]!]!, operands[match[2]!]!])
  return null
}
