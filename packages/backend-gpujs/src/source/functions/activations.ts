/**
 * Activations, as core composes them: NaN passes through all of them. GPUs make a maximum of `x < 0 ? 0 : x`, which drops NaN, so that is asked for
 * first.
 */
export const activations: Readonly<Record<string, string>> = {
  reluOf: `function reluOf(x) {
    if (!(x === x)) { return x; }
    if (x < 0) { return 0; }
    return x;
  }`,

  // exp of a negative number only, so that nothing overflows.
  sigmoidOf: `function sigmoidOf(x, inf) {
    let e = expOf((-Math.abs(x)), inf);
    if (x < 0) { return e / (e + 1); }
    return 1 / (e + 1);
  }`,

  geluOf: `function geluOf(x) {
    return x * 0.5 * (erfOf(x * 0.7071067811865476) + 1);
  }`,

  geluTanhOf: `function geluTanhOf(x, inf) {
    return x * 0.5 * (tanhOf((x + 0.044715 * x * x * x) * 0.7978845608028654, inf) + 1);
  }`,

  // Cut to [-limit, limit]; NaN stays.
  clipOf: `function clipOf(x, limit) {
    if (!(x === x)) { return x; }
    if (x < (-limit)) { return (-limit); }
    if (x > limit) { return limit; }
    return x;
  }`,
}
