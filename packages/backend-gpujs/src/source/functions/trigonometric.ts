/**
 * Trigonometry and the error function. GLSL promises little of the native ones, so these are polynomials: sin, cos, asin and atan after
 * S. L. Moshier's Cephes library (single precision), erf after W. J. Cody, Rational Chebyshev approximations for the error function,
 * Mathematics of Computation 23 (1969), 631-637. Beyond 8192 sin and cos are the native ones.
 */
export const trigonometric: Readonly<Record<string, string>> = {
  // Sine of x and so many quarter turns. What x is beyond a multiple of a quarter turn comes from three parts of it, of which the products with
  // whole numbers up to 2^13 are exact (Cody and Waite).
  turnOf: `function turnOf(x, quarters) {
    let count = Math.floor(x * 0.6366197723675814 + 0.5);
    let r = ((x - count * 1.5703125) - count * 4.837512969970703125e-4) - count * 7.549789954891882e-8;
    let z = r * r;
    let at = count + quarters;
    at = at - 4 * Math.floor(0.25 * at);
    let result = r + r * z * ((-1.6666654611e-1) + z * (8.3321608736e-3 - z * 1.9515295891e-4));
    if (at === 1 || at === 3) {
      result = 1 - 0.5 * z + z * z * (4.166664568298827e-2 + z * ((-1.388731625493765e-3) + z * 2.443315711809948e-5));
    }
    if (at >= 2) { return (-result); }
    return result;
  }`,

  sinOf: `function sinOf(x, inf, nan) {
    if (Math.abs(x) < 8192) { return turnOf(x, 0); }
    if (Math.abs(x) < inf) { return Math.sin(x); }
    return nan;
  }`,

  cosOf: `function cosOf(x, inf, nan) {
    if (Math.abs(x) < 8192) { return turnOf(x, 1); }
    if (Math.abs(x) < inf) { return Math.cos(x); }
    return nan;
  }`,

  tanOf: `function tanOf(x, inf, nan) {
    return sinOf(x, inf, nan) / cosOf(x, inf, nan);
  }`,

  asinNear: `function asinNear(x) {
    let z = x * x;
    return x + x * z * (1.6666752422e-1 + z * (7.4953002686e-2 + z * (4.5470025998e-2 + z * (2.4181311049e-2 + z * 4.2163199048e-2))));
  }`,

  asinOf: `function asinOf(x, nan) {
    let size = Math.abs(x);
    if (size <= 0.5) { return asinNear(x); }
    if (size <= 1) {
      let result = 1.5707963267948966 - 2 * asinNear(Math.sqrt(0.5 * (1 - size)));
      if (x < 0) { return (-result); }
      return result;
    }
    return nan;
  }`,

  acosOf: `function acosOf(x, nan) {
    if (Math.abs(x) <= 0.5) { return 1.5707963267948966 - asinNear(x); }
    if (x > 0.5 && x <= 1) { return 2 * asinNear(Math.sqrt(0.5 * (1 - x))); }
    if (x < (-0.5) && x >= (-1)) { return 3.141592653589793 - 2 * asinNear(Math.sqrt(0.5 * (1 + x))); }
    return nan;
  }`,

  atanNear: `function atanNear(x) {
    let z = x * x;
    return x + x * z * ((-3.33329491539e-1) + z * (1.99777106478e-1 + z * ((-1.38776856032e-1) + z * 8.05374449538e-2)));
  }`,

  atanOf: `function atanOf(x, inf) {
    if (x === 0) { return x; }
    let size = Math.abs(x);
    let result = atanNear(size);
    if (size === inf) {
      result = 1.5707963267948966;
    } else {
      if (size > 2.414213562373095) {
        result = 1.5707963267948966 - atanNear(1 / size);
      } else {
        if (size > 0.4142135623730950) { result = 0.7853981633974483 + atanNear((size - 1) / (size + 1)); }
      }
    }
    if (x < 0) { return (-result); }
    return result;
  }`,

  // Quadrants as IEEE 754 has them, signs of zeros included; 1 / x tells them apart.
  atan2Of: `function atan2Of(y, x, inf, nan) {
    if (!(x === x) || !(y === y)) { return nan; }
    let high = Math.abs(y);
    let wide = Math.abs(x);
    let angle = 0.7853981633974483;
    if (high > wide) { angle = 1.5707963267948966 - atanOf(wide / high, inf); }
    if (high < wide) { angle = atanOf(high / wide, inf); }
    if (high === 0 && wide === 0) { angle = 0; }
    if (x < 0 || (x === 0 && 1 / x < 0)) { angle = 3.141592653589793 - angle; }
    if (y < 0 || (y === 0 && 1 / y < 0)) { return (-angle); }
    return angle;
  }`,

  // Above 4 the complement is 1.5e-8: less than half a unit in the last place of 1.
  erfOf: `function erfOf(x) {
    if (!(x === x)) { return x; }
    let size = Math.abs(x);
    if (size <= 0.46875) {
      let z = x * x;
      return x * (3209.37758913846947 + z * (377.485237685302021 + z * (113.864154151050156 + z * (3.1611237438705656 + z * 0.185777706184603153))))
        / (2844.23683343917062 + z * (1282.61652607737228 + z * (244.024637934444173 + z * (23.6012909523441209 + z))));
    }
    let complement = 0;
    if (size < 4) {
      let top = 1230.33935479799725 + size * (2051.07837782607147 + size * (1712.04761263407058 + size * (881.95222124176909
        + size * (298.635138197400131 + size * (66.1191906371416295 + size * (8.88314979438837594 + size * (0.564188496988670089 + size * 2.15311535474403846e-8)))))));
      let bottom = 1230.33935480374942 + size * (3439.36767414372164 + size * (4362.61909014324716 + size * (3290.79923573345963
        + size * (1621.38957456669019 + size * (537.181101862009858 + size * (117.693950891312499 + size * (15.7449261107098347 + size)))))));
      complement = top / bottom * Math.exp((-size) * size);
    }
    if (x < 0) { return complement - 1; }
    return 1 - complement;
  }`,
}
