/**
 * The limits of printed arrays, the defaults of NumPy's print options.
 *
 * - `precision`: most digits after the point
 * - `threshold`: arrays with more elements than this are shortened with `...`
 * - `edgeItems`: elements kept at each end of an axis of a shortened array
 * - `lineWidth`: most characters on a line
 */
export const printLimits: {
  readonly precision: number
  readonly threshold: number
  readonly edgeItems: number
  readonly lineWidth: number
} = { precision: 8, threshold: 1000, edgeItems: 3, lineWidth: 75 }
