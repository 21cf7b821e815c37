/**
 * Exponentials and logarithms. GPUs give `log` of 0 and below as finite numbers, tanh(50) as NaN, and lose `log1p` and
 * `expm1` near 0; so these are written with + - * /, and with exp and log only where those are well behaved.
 * `inf` and `nan` come as arguments, because WebGL turns the literal into 3.4e38.
 */
export const exponential: Readonly<Record<string, string>> = {
  expOf: `function expOf(x, inf) {
    if (!(x === x)) { return x; }
    if (x > 89) { return inf; }
    if (x < (-104)) { return 0; }
    return Math.exp(x);
  }`,

  // Taylor's series, the last term 0.7^10 / 11!.
  expm1Of: `function expm1Of(x, inf) {
    if (Math.abs(x) < 0.7) {
      return x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7 * (1 + x / 8 * (1 + x / 9 * (1 + x / 10)))))))));
    }
    return expOf(x, inf) - 1;
  }`,

  // log(1 + x) = 2 atanh(x / (2 + x)), for x within 0.4 of 0.
  log1pNear: `function log1pNear(x) {
    let s = x / (2 + x);
    let z = s * s;
    return 2 * s * (1 + z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13)))))));
  }`,

  logOf: `function logOf(x, inf, nan) {
    if (x > 0.6 && x < 1.4) { return log1pNear(x - 1); }
    if (x === inf) { return x; }
    if (x > 0) { return Math.log(x); }
    if (x === 0) { return (-inf); }
    return nan;
  }`,

  log1pOf: `function log1pOf(x, inf, nan) {
    if (Math.abs(x) >= 0.4) { return logOf(1 + x, inf, nan); }
    return log1pNear(x);
  }`,

  sqrtOf: `function sqrtOf(x, nan) {
    if (x >= 0) { return Math.sqrt(x); }
    return nan;
  }`,

  tanhOf: `function tanhOf(x, inf) {
    if (x > 10) { return 1; }
    if (x < (-10)) { return (-1); }
    let e = expm1Of(2 * x, inf);
    return e / (e + 2);
  }`,

  // Half of the square of exp(x / 2) overflows as late as the result does.
  sinhOf: `function sinhOf(x, inf) {
    let size = Math.abs(x);
    if (size < 1) {
      let e = expm1Of(x, inf);
      return 0.5 * (e + e / (e + 1));
    }
    if (size < 80) { return 0.5 * (expOf(x, inf) - expOf((-x), inf)); }
    let root = expOf(0.5 * size, inf);
    if (x < 0) { return (-0.5) * root * root; }
    return 0.5 * root * root;
  }`,

  coshOf: `function coshOf(x, inf) {
    let size = Math.abs(x);
    if (size < 80) { return 0.5 * (expOf(size, inf) + expOf((-size), inf)); }
    let root = expOf(0.5 * size, inf);
    return 0.5 * root * root;
  }`,

  asinhOf: `function asinhOf(x, inf, nan) {
    if (x === 0) { return x; }
    let size = Math.abs(x);
    let excess = size - 1;
    let more = 0.6931471805599453;
    if (size < 10000) {
      excess = size + size * size / (1 + Math.sqrt(1 + size * size));
      more = 0;
    }
    let result = log1pOf(excess, inf, nan) + more;
    if (x < 0) { return (-result); }
    return result;
  }`,

  acoshOf: `function acoshOf(x, inf, nan) {
    if (x < 1) { return nan; }
    let excess = x - 1;
    let more = 0.6931471805599453;
    if (x < 10000) {
      excess = excess + Math.sqrt(excess * (excess + 2));
      more = 0;
    }
    return log1pOf(excess, inf, nan) + more;
  }`,

  atanhOf: `function atanhOf(x, inf, nan) {
    let size = Math.abs(x);
    if (size < 1) {
      let half = 0.5 * log1pOf(2 * size / (1 - size), inf, nan);
      if (x < 0) { return (-half); }
      if (x === 0) { return x; }
      return half;
    }
    if (x === 1) { return inf; }
    if (x === (-1)) { return (-inf); }
    return nan;
  }`,
}
