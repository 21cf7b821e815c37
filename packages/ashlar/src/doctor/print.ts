import type { Advice } from './advice.ts'
import type { Findings } from './find.ts'

const yes = (value: boolean): string => (value ? 'yes' : 'no')

/** The report as lines of text. */
export function print(found: Findings, advice: readonly Advice[]): string {
  const { cpu, packages } = found
  const rows = [
    ['Node', `${found.node}, ${found.platform}`],
    ['cores', String(found.cores)],
    ['WebAssembly SIMD', yes(cpu.simd)],
    ['relaxed SIMD', yes(cpu.relaxedSimd)],
    ['shared memory', yes(cpu.sharedMemory)],
    ['NVIDIA GPU', yes(found.nvidia)],
    ...Object.entries(packages).map(([name, version]) => [name, version ?? 'not installed']),
  ]
  const width = Math.max(...rows.map(([name]) => name!.length)) + 2
  const table = (lines: readonly (readonly string[])[]): string[] => lines.map(([name, value]) => `  ${name!.padEnd(width)}${value}`)
  return [
    `Ashlar ${found.version}`,
    '', 'Found', ...table(rows),
    ...(found.problems.length === 0 ? [] : ['', 'Wrong', ...found.problems.map(problem => `  ${problem}`)]),
    '', 'Used', ...table([
      ['backends', found.backends.join(', ')],
      ['kernels', cpu.simd ? `WebAssembly${cpu.relaxedSimd ? ', multiply and add fused' : ''}` : 'plain TypeScript'],
      ['threads', String(cpu.threads)],
      ['BLAS', blas(found)],
    ]),
    ...cpu.blas.problems.map(problem => `  ${problem}`),
    '',
    ...(advice.length === 0
      ? ['Nothing that we know of would make it faster.']
      : ['What would make it faster', ...advice.flatMap(({ gain, command }) => [`  ${gain}:`, `    ${command}`])]),
    '',
  ].join('\n')
}

function blas({ cpu: { blas: { state, library, path } }, packages }: Findings): string {
  if (state === 'used') return `${library}, ${path} (its products were checked)`
  if (state === 'off') return 'off, as ASHLAR_BLAS says'
  if (state === 'refused') return 'none: what was found failed its checks'
  return packages['koffi'] === null ? 'none: koffi, which calls it, is not installed' : 'none was found'
}
