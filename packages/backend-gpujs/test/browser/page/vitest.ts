// The kit names vitest in the module that declares tests, of which the page needs none.
export const describe = undefined
export const it = undefined
