/**
 * A kernel as text: one call computes one element, the one at `this.thread.x`. Text, because gpu.js reads a function's
 * source, which bundlers, minifiers and coverage tools rewrite. `-` in front of a number needs parentheses.
 */
export interface Program {
  readonly parameters: readonly string[]
  readonly body: string
  /** Which of the parameters are numbers that differ from call to call; `inf`, `nan` and `value` always do. The other numbers are extents and strides. */
  readonly varying?: readonly string[]
}

/** The source that gpu.js compiles. */
export function sourceOf({ parameters, body }: Program): string {
  return `function kernel(${parameters.join(', ')}) {\n${body}\n}`
}
