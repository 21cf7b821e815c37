import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where to look for a driver; the defaults are those of Linux. */
export interface Places {
  /** The environment whose PATH has nvidia-smi. */
  readonly env?: NodeJS.ProcessEnv
  /** What the driver's module shows of itself. */
  readonly driver?: string
}

const QUERY = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']

/**
 * The NVIDIA devices of this machine.
 *
 * @returns a line for each, its name, driver and memory; where there is a driver whose nvidia-smi does not answer, a line that says
 *   so; nothing where there is no driver
 */
export function findGpus({ env = process.env, driver = '/proc/driver/nvidia/version' }: Places = {}): string[] {
  const { error, status, stdout, stderr } = spawnSync('nvidia-smi', QUERY, { encoding: 'utf8', timeout: 60_000, env })
  const rows = status === 0 ? stdout.trim().split('\n').filter(Boolean) : []
  if (rows.length > 0) {
    return rows.map(row => {
      const [name, version, memory] = row.split(', ')
      return `${name}, driver ${version}, ${memory}`
    })
  }
  if (!existsSync(driver)) return []
  const reason = error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] || 'it lists no device' : 'it is not on the path'
  return [`a device that nvidia-smi does not name: ${reason}`]
}
