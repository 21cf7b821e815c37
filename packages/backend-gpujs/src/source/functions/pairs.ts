/** Functions of two numbers. GPUs differ on max of NaN, and have pow of positive numbers only. */
export const pairs: Readonly<Record<string, string>> = {
  // Of 0 and -0 the sum is the greater.
  maximumOf: `function maximumOf(a, b) {
    if (!(a === a)) { return a; }
    if (!(b === b)) { return b; }
    if (a > b) { return a; }
    if (b > a) { return b; }
    if (a === 0) { return a + b; }
    return a;
  }`,

  minimumOf: `function minimumOf(a, b) {
    if (!(a === a)) { return a; }
    if (!(b === b)) { return b; }
    if (a < b) { return a; }
    if (b < a) { return b; }
    if (a === 0) { return (-((-a) + (-b))); }
    return a;
  }`,

  // The remainder of a floored quotient, mended where the quotient was rounded the wrong way.
  modOf: `function modOf(a, b, inf, nan) {
    if (Math.abs(a) < inf && b !== 0) {
      if (Math.abs(b) === inf) {
        if ((a < 0 && b > 0) || (a > 0 && b < 0)) { return b; }
        return a;
      }
      let rest = a - Math.floor(a / b) * b;
      if (b > 0) {
        if (rest < 0) { rest = rest + b; }
        if (rest >= b) { rest = rest - b; }
      } else {
        if (rest > 0) { rest = rest + b; }
        if (rest <= b) { rest = rest - b; }
      }
      return rest;
    }
    return nan;
  }`,

  integerModOf: `function integerModOf(a, b, inf, nan) {
    if (b === 0) { return 0; }
    return modOf(a, b, inf, nan);
  }`,

  // A whole power by repeated squaring: exact where a GPU's pow(7, 2) is 48.99999.
  wholePow: `function wholePow(base, exponent) {
    let result = 1.0;
    let square = base;
    let left = exponent;
    for (let i = 0; i < 40; i++) {
      if (left > 0) {
        let half = Math.floor(left * 0.5);
        if (left - 2 * half > 0.5) { result = result * square; }
        left = half;
        if (left > 0) { square = square * square; }
      }
    }
    return result;
  }`,

  integerPowOf: `function integerPowOf(a, b) {
    if (b >= 0) { return wholePow(a, b); }
    if (a === 1) { return 1; }
    if (a === (-1)) { return wholePow(a, (-b)); }
    return 0;
  }`,

  oddOf: `function oddOf(x) {
    if (Math.abs(x) < 16777216 && x - 2 * Math.floor(0.5 * x) === 1) { return 1; }
    return 0;
  }`,

  powOf: `function powOf(a, b, inf, nan) {
    if (a === 1 || b === 0) { return 1; }
    if (!(a === a) || !(b === b)) { return nan; }
    let size = Math.abs(a);
    let high = Math.abs(b);
    if (high === inf) {
      if (size === 1) { return 1; }
      if ((size > 1 && b > 0) || (size < 1 && b < 0)) { return inf; }
      return 0;
    }
    let sign = 1;
    if (a < 0 || (a === 0 && 1 / a < 0)) {
      if (oddOf(b) > 0.5) { sign = (-1); }
    }
    if (size === 0 || size === inf) {
      if ((size === 0 && b < 0) || (size === inf && b > 0)) { return sign * inf; }
      return sign * 0;
    }
    if (high <= 32 && Math.floor(high) === high) {
      if (b > 0) { return wholePow(a, high); }
      return 1 / wholePow(a, high);
    }
    if (a < 0 && Math.floor(b) !== b) { return nan; }
    return sign * Math.pow(size, b);
  }`,
}
