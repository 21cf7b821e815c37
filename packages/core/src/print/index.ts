export { arrayRepr, arrayString, type Printable } from './array-text.ts'
export { scalarString } from './elements.ts'
export { printLimits } from './limits.ts'
