import type { DType } from '@ashlar/core'

/** What Ashlar gives where it departs from MXNet 1.9.1 on purpose. */
export interface Departure {
  readonly dtype: DType
  readonly data: readonly (number | boolean)[]
  readonly shape?: readonly number[]
}

/** B-14.1: a number that is not whole turns an integer or bool array into float32; MXNet truncates the number. */
const WEAK_NUMBERS: Readonly<Record<string, Departure>> = {
  'b*2.5': { dtype: 'float32', data: [2.5, 0, 2.5] },
  'i+2.5': { dtype: 'float32', data: [3.5, 4.5, -0.5] },
  'i-2.5': { dtype: 'float32', data: [-1.5, -0.5, -5.5] },
  'u+2.5': { dtype: 'float32', data: [3.5, 4.5, 252.5] },
  'u-2.5': { dtype: 'float32', data: [-1.5, -0.5, 247.5] },
  'u*2.5': { dtype: 'float32', data: [2.5, 5, 625] },
}

/** B-14.1: where MXNet gives int64 for bools and positions, int32 stands here. */
const NO_INT64: Readonly<Record<string, Departure>> = {
  'b-2': { dtype: 'int32', data: [-1, -2, -1] },
  'b*2': { dtype: 'int32', data: [2, 0, 2] },
  'b**2': { dtype: 'int32', data: [1, 0, 1] },
  '2-b': { dtype: 'int32', data: [1, 2, 1] },
  'b%2': { dtype: 'int32', data: [1, 0, 1] },
  'np.maximum(b,1)': { dtype: 'int32', data: [1, 1, 1] },
  'b.cumsum()': { dtype: 'int32', data: [1, 1, 2] },
  'np.argsort(f)': { dtype: 'int32', data: [2, 0, 1] },
  // Positions are int32 wherever they come from; MXNet has float32 here.
  'npx.topk(f,k=2)': { dtype: 'int32', data: [1, 0], shape: [2] },
  'np.argmax(i)': { dtype: 'int32', data: [1], shape: [] },
  'np.argmax(f)': { dtype: 'int32', data: [1], shape: [] },
}

/** B-14.1: transcendental functions of integers give float32; MXNet truncates their results. */
const FLOAT_FUNCTIONS: Readonly<Record<string, Departure>> = {
  'np.exp(i)': { dtype: 'float32', data: [Math.E, Math.E ** 2, Math.E ** -3] },
  'np.sqrt(i)': { dtype: 'float32', data: [1, Math.SQRT2, Number.NaN] },
  'np.sqrt(u)': { dtype: 'float32', data: [1, Math.SQRT2, Math.sqrt(250)] },
}

/** R: "`error` rows above follow this section instead": promotion decides where MXNet has no kernel. */
const MXNET_CANNOT: Readonly<Record<string, Departure>> = {
  'b-i': { dtype: 'int32', data: [0, -2, 4] },
  'b-u': { dtype: 'uint8', data: [0, 254, 7] },
  'i-b': { dtype: 'int32', data: [0, 2, -4] },
  'u-b': { dtype: 'uint8', data: [0, 2, 249] },
  'u-i': { dtype: 'int32', data: [0, 0, 253] },
  'b/u': { dtype: 'float32', data: [1, 0, 1 / 250] },
  'i/b': { dtype: 'float32', data: [1, Infinity, -3] },
  'i/u': { dtype: 'float32', data: [1, 1, -3 / 250] },
  'u/b': { dtype: 'float32', data: [1, Infinity, 250] },
  'u/i': { dtype: 'float32', data: [1, 1, -250 / 3] },
  'h/f': { dtype: 'float32', data: [1, 1, 1] },
  'h/d': { dtype: 'float64', data: [1, 1, 1] },
  'f/h': { dtype: 'float32', data: [1, 1, 1] },
  'np.dot(h,h)': { dtype: 'float16', data: [13.25], shape: [] },
  'np.concatenate([h,f])': { dtype: 'float32', data: [0.5, 2, -3, 0.5, 2, -3], shape: [6] },
  'f/d': { dtype: 'float64', data: [1, 1, 1] },
  'd/f': { dtype: 'float64', data: [1, 1, 1] },
  'np.exp(b)': { dtype: 'float32', data: [Math.E, 1, Math.E] },
  'np.argmax(b)': { dtype: 'int32', data: [0], shape: [] },
  'np.dot(i,i)': { dtype: 'int32', data: [14], shape: [] },
  'np.concatenate([b,f])': { dtype: 'float32', data: [1, 0, 1, 0.5, 2, -3], shape: [6] },
  'np.concatenate([i,f])': { dtype: 'float32', data: [1, 2, -3, 0.5, 2, -3], shape: [6] },
  'np.concatenate([d,f])': { dtype: 'float64', data: [0.5, 2, -3, 0.5, 2, -3], shape: [6] },
}

/** The exceptions by expression, each group with its reason. */
export const DEPARTURES: Readonly<Record<string, Departure>> = { ...WEAK_NUMBERS, ...NO_INT64, ...FLOAT_FUNCTIONS, ...MXNET_CANNOT }

/** Questions that B-14.1 leaves open: arithmetic of bools alone. The tests only ask for no wrong dtype class. */
export const OPEN: Readonly<Record<string, string>> = {
  'b-b': 'MXNet refuses; NumPy refuses too',
  '-b': 'MXNet gives int64; B-14.1 does not name the negative of a bool',
  'np.abs(b)': 'MXNet refuses; NumPy gives bool',
}

