// Runs sections and solutions, each in a process of its own, as names and random draws count from the start of one.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'

interface Program { readonly key: string; readonly title: string; readonly path: string }

function programsIn(folder: string, pattern: RegExp): Program[] {
  const path = fileURLToPath(new URL(folder, import.meta.url))
  return readdirSync(path).sort().flatMap(file => {
    const [, key, title] = pattern.exec(file) ?? []
    return key === undefined ? [] : [{ key, title: title!.replaceAll('-', ' '), path: `${path}/${file}` }]
  })
}

const sections = programsIn('.', /^(5\.\d)-(.*)\.ts$/)
const exercises = programsIn('../exercises', /^(e5\.\d-\d)-(.*)\.ts$/)

function run({ path }: Program): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', path], { stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 130))
  })
}

const command = new Command('course')
  .description('Runs the course: its sections, and solutions of its exercises.')
  .argument('[names...]', 'sections such as 5.1, exercises such as e5.4-2; all sections where none is given')
  .option('--list', 'tell what there is')
  .parse()

if (command.opts<{ list?: boolean }>().list === true) {
  for (const { key, title } of [...sections, ...exercises]) console.log(`${key.padEnd(8)} ${title}`)
} else {
  const known = new Map([...sections, ...exercises].map(program => [program.key, program]))
  const unknown = command.args.find(name => !known.has(name))
  if (unknown !== undefined) command.error(`error: there is no '${unknown}'; --list tells what there is`)
  const chosen = command.args.length > 0 ? command.args.map(name => known.get(name)!) : sections
  for (const program of chosen) {
    console.log(`\n# ${program.key} ${program.title}`)
    const code = await run(program)
    if (code !== 0) process.exit(code)
  }
}
