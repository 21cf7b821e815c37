/**
 * Statements that divide whole numbers: `quotient` and `remainder` of `value` by `divisor`. A GPU's division may be off by
 * an ulp or two, which floor turns into a whole step; the remainder shows it, since products up to 2^24 are exact.
 */
export function divide(quotient: string, remainder: string, value: string, divisor: string): string {
  return [
    `let ${quotient} = Math.floor(${value} / ${divisor});`,
    `let ${remainder} = ${value} - ${quotient} * ${divisor};`,
    `if (${remainder} < 0) { ${quotient} = ${quotient} - 1; ${remainder} = ${remainder} + ${divisor}; }`,
    `if (${remainder} >= ${divisor}) { ${quotient} = ${quotient} + 1; ${remainder} = ${remainder} - ${divisor}; }`,
  ].join('\n')
}

/** Statements that find coordinates, or positions in several operands, from a position in C order. */
export interface Walk {
  readonly parameters: readonly string[]
  readonly code: string
}

/** Names of numbers that belong to each axis: `e1`, `e2`, … */
export function perAxis(prefix: string, rank: number, from = 0): string[] {
  return Array.from({ length: rank - from }, (_, k) => `${prefix}${k + from}`)
}

/** Coordinates `c0`, `c1`, … of the position `from` in a shape of that rank; the parameters are all extents but the first. */
export function coordinates(rank: number, from = 'this.thread.x'): Walk {
  const lines = [`let n${rank - 1} = ${from};`]
  for (let axis = rank - 1; axis > 0; axis--) lines.push(divide(`n${axis - 1}`, `c${axis}`, `n${axis}`, `e${axis}`))
  lines.push('let c0 = n0;')
  return { parameters: perAxis('e', rank, 1), code: lines.join('\n') }
}

/**
 * For each operand `x` the position `xAt` of its element that belongs to the position `from` of the output, along strides
 * `x0`, `x1`, … that follow the extents in the parameters, operand by operand.
 */
export function walk(rank: number, operands: readonly string[], from?: string): Walk {
  const { parameters, code } = coordinates(rank, from)
  const positions = operands.map(name => `let ${name}At = ${perAxis('c', rank).map((c, axis) => `${c} * ${name}${axis}`).join(' + ')};`)
  return {
    parameters: [...parameters, ...operands.flatMap(name => perAxis(name, rank))],
    code: [code, ...positions].join('\n'),
  }
}
