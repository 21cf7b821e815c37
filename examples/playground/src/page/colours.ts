export type Rgb = readonly [red: number, green: number, blue: number]

/** A colour of the style sheet, `#rgb` or `#rrggbb`. */
export function rgbOf(hex: string): Rgb {
  const digits = hex.replace('#', '')
  const long = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits
  const value = Number.parseInt(long, 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/** How much of a class's colour there is where the network is sure. */
const STRONGEST = 0.62

/**
 * The colours of a surface as pixels of a picture: paper where the network is undecided, and the more of a class's colour the surer it is.
 *
 * @param surface the probability of the second class
 */
export function paint(surface: ArrayLike<number>, paper: Rgb, classes: readonly [Rgb, Rgb]): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(surface.length * 4)
  for (let i = 0; i < surface.length; i++) {
    const chance = surface[i]!
    const colour = classes[chance < 0.5 ? 0 : 1]
    const share = STRONGEST * Math.min(1, Math.abs(chance - 0.5) * 2)
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * i + channel] = paper[channel]! + (colour[channel]! - paper[channel]!) * share
    }
    pixels[4 * i + 3] = 255
  }
  return pixels
}
