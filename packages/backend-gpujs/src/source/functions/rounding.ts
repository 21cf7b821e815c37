/** Rounding, which WebGL 1 has not all of. Signs of zeros are kept; from 2^23 on a float is whole. */
export const rounding: Readonly<Record<string, string>> = {
  signOf: `function signOf(x) {
    if (x > 0) { return 1; }
    if (x < 0) { return (-1); }
    return x;
  }`,

  truncOf: `function truncOf(x) {
    if (x < 0) { return Math.ceil(x); }
    return Math.floor(x);
  }`,

  rintOf: `function rintOf(x) {
    if (Math.abs(x) < 8388608) {
      let low = Math.floor(x);
      let rest = x - low;
      let result = low;
      if (rest > 0.5) { result = low + 1; }
      if (rest === 0.5) { result = 2 * Math.floor(0.5 * (low + 1)); }
      if (result === 0) { return truncOf(x); }
      return result;
    }
    return x;
  }`,

  // What a float has no integer for becomes 0.
  integerOf: `function integerOf(x, inf) {
    if (Math.abs(x) < inf) { return truncOf(x); }
    return 0;
  }`,
}
