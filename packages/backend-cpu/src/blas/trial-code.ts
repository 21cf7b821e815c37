/**
 * What another process runs before this one trusts a library, as text for the reasons that the workers' code is: it opens the library
 * and multiplies once in both precisions. `lives` says that the process still does; any other line is what was wrong.
 */
export const TRIAL_CODE: string = `
const [koffiPath, path, namings] = process.argv.slice(1)
const koffi = require(koffiPath)
let library = null
try { library = koffi.load(path) } catch (error) { console.log('it does not load (' + String(error.message).split('\\n')[0] + ')') }
if (library !== null) {
  let found = false
  for (const { prefix, suffix, integer: i } of JSON.parse(namings)) {
    for (const [letter, type, FloatArray] of [['s', 'float', Float32Array], ['d', 'double', Float64Array]]) {
      let gemm
      try {
        gemm = library.func(prefix + 'cblas_' + letter + 'gemm' + suffix, 'void', ['int', 'int', 'int', i, i, i, type, 'void *', i, 'void *', i, type, 'void *', i])
      } catch { continue }
      found = true
      for (const n of [3, 160]) {
        const [a, b, c] = [1, 1, 0].map(value => new FloatArray(n * n).fill(value))
        gemm(101, 111, 112, n, n, n, 1, a, n, b, n, 0, c, n)
      }
    }
    if (found) break
  }
  console.log(found ? 'lives' : 'it has no cblas_sgemm and cblas_dgemm')
}
`
