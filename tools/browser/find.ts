import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Where Chromium or Chrome is: the program that `ASHLAR_CHROMIUM` or `CHROME_PATH` names, or else the first that is installed.
 *
 * @returns its path, or null where there is none
 * @throws Error where one of the variables names no program
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  for (const name of ['ASHLAR_CHROMIUM', 'CHROME_PATH']) {
    const given = env[name] ?? ''
    if (given === '') continue
    if (isProgram(given)) return given
    throw new Error(`${name} is ${given}, which is no program`)
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  const candidates = [...folders.flatMap(folder => NAMES.map(name => join(folder, name))), ...ELSEWHERE]
  return candidates.find(isProgram) ?? null
}
