/** The inner product, in four sums that the processor adds up side by side. */
export function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4)
  let [s, t, u, v] = [0, 0, 0, 0]
  let i = 0
  for (; i < whole; i += 4) {
    s += a[i]! * b[i]!
    t += a[i + 1]! * b[i + 1]!
    u += a[i + 2]! * b[i + 2]!
    v += a[i + 3]! * b[i + 3]!
  }
  for (; i < a.length; i++) s += a[i]! * b[i]!
  return s + t + (u + v)
}

/** `a += factor b` */
export function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  if (factor === 0) return
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!
}

/** `a, b = cosine a - sine b, sine a + cosine b` */
export function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!
    const y = b[i]!
    a[i] = cosine * x - sine * y
    b[i] = sine * x + cosine * y
  }
}
