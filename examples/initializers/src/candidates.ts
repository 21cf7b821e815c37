import type { Initializer } from '@ashlar/init'
import { MSRAPrelu, Normal, One, Orthogonal, Uniform, Xavier } from '@ashlar/init'

/** An initializer, and what a page calls it. */
export interface Candidate {
  readonly name: string
  readonly initializer: Initializer
}

/** What is compared: the library's defaults, and the choices that books argue about. */
export function candidates(): Candidate[] {
  return [
    { name: 'Normal(0.01)', initializer: new Normal() },
    { name: 'Uniform(0.07)', initializer: new Uniform() },
    { name: 'Xavier', initializer: new Xavier() },
    { name: 'MSRAPrelu', initializer: new MSRAPrelu() },
    { name: 'MSRAPrelu, slope 0', initializer: new MSRAPrelu({ factorType: 'in', slope: 0 }) },
    { name: 'Orthogonal, scale 1', initializer: new Orthogonal({ scale: 1 }) },
    { name: 'Orthogonal(1.414)', initializer: new Orthogonal() },
    { name: 'One', initializer: new One() },
  ]
}
