import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { type Example, examplesOf } from './extract.ts'

/** An example that lies in a file of its own. */
export interface WrittenExample extends Example {
  /** The file and line that it comes from, such as `README.md:12`. */
  name: string
  file: string
}

/** Writes the examples of all packages below `root`, for the type check. */
export function writeExamples(root: string): void {
  for (const manifest of globSync('packages/*/package.json', { cwd: root })) writePackageExamples(join(root, dirname(manifest)))
}

/**
 * Writes a package's examples into its `.examples/`: those of its README and its sources, and, for the front door, of the root's README, CONTRIBUTING and docs.
 *
 * @param folder the package
 */
export function writePackageExamples(folder: string): WrittenExample[] {
  const target = join(folder, '.examples')
  linkPackages(target, dirname(folder))
  const sources = ['README.md', ...globSync('src/**/*.ts', { cwd: folder }).sort()]
  if (basename(folder) === 'ashlar') sources.push('../../README.md', '../../CONTRIBUTING.md', '../../docs/coming-from.md')
  const written = sources
    .filter(source => existsSync(join(folder, source)))
    .flatMap(source =>
      examplesOf(join(folder, source)).map((example, i) => {
        const stem = source.replaceAll('../', 'root-').replaceAll(/[\\/]/g, '-').replace(/\.(md|ts)$/, '')
        const file = join(target, `${stem}-${i + 1}.ts`)
        return { ...example, file, name: `${source.replaceAll('\\', '/')}:${example.line}` }
      }),
    )
  for (const name of readdirSync(target)) {
    if (name.endsWith('.ts') && !written.some(example => example.file === join(target, name))) rmSync(join(target, name))
  }
  for (const { file, code } of written) {
    // `export {}` makes a module of an example that imports nothing; at the end, so that lines keep their numbers.
    const text = `${code}export {}\n`
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  }
  return written
}

/** Lets examples import any package, as a reader would who installed them, beyond what their own package depends on. */
function linkPackages(target: string, packages: string): void {
  mkdirSync(join(target, 'node_modules', '@ashlar'), { recursive: true })
  for (const folder of readdirSync(packages)) {
    const link = join(target, 'node_modules', folder === 'ashlar' ? 'ashlar' : `@ashlar/${folder}`)
    const place = resolve(packages, folder)
    if (!existsSync(link)) symlinkSync(process.platform === 'win32' ? place : relative(dirname(link), place), link, 'junction')
  }
}
