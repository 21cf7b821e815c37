import { spawnSync } from 'node:child_process'

/** Whether a program can be started. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0
}

function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' })
  return status === 0 && stdout.includes('install ok installed')
}

/** What a step needs of the system: a package of Debian's, and the program in it where another source of that would do as well. */
export interface SystemPackage {
  readonly name: string
  readonly program?: string
}

/**
 * Installs what is missing, with apt.
 *
 * @returns what is missing still: nothing, unless there is no apt or no right to use it
 * @throws Error with apt's output where the installation fails
 */
export function installPackages(wanted: readonly SystemPackage[]): string[] {
  const missing = wanted.filter(({ name, program }) => !(program === undefined ? isInstalled(name) : hasProgram(program))).map(({ name }) => name)
  if (missing.length === 0) return []
  if (process.platform !== 'linux' || !hasProgram('apt-get') || process.getuid?.() !== 0) return missing
  console.error(`Installing ${missing.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]): string | null => {
    const { status, stdout, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 })
    return status === 0 ? null : `${stdout}\n${stderr}`
  }
  // The lists of a new machine are empty, those of an old one out of date.
  apt('update')
  const problem = apt('install', '-y', '--no-install-recommends', ...missing)
  if (problem !== null) throw new Error(`apt-get could not install ${missing.join(', ')}:\n${problem}`)
  return []
}
