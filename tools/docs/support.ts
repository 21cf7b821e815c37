import { cpuBackend } from '../../packages/backend-cpu/src/index.ts'
import { gpujs } from '../../packages/backend-gpujs/src/index.ts'
import { formatDTypes, supportTable } from '../../packages/backend-kit/src/index.ts'
import type { Support } from '../../packages/backend-kit/src/index.ts'
import { tfjsCuda } from '../../packages/backend-tfjs-cuda/src/index.ts'
import type { Backend, Device } from '../../packages/core/src/index.ts'

interface Column {
  readonly title: string
  readonly backend: Backend
  readonly device: Device
  readonly rows: readonly Support[]
}

const INTRODUCTION = `# Backends

What each backend runs, and how, found by calling every function of \`np\` and \`npx\` on it. \`npm run docs:support\` writes this page.

On a GPU, tfjs and gpu.js run the kernels that are listed here for their engines on the processor.
`

const LEGEND = `
## Functions

- **kernel**: one kernel of the backend
- **override**: a function of the backend's own, where others compose
- **composed**: several kernels, one after the other
- **host**: read back and decided on the host, then moved on the device; where reads are asynchronous, refused
- **free**: no computation
- **none**: refused

Dtypes stand behind it where the function does not take all numbers that the device holds. \`arithmetic\` leaves out those that are only stored. What is no float is cast where a
function needs floats.
`

const power = (n: number): string => (Number.isInteger(Math.log2(n)) ? `2^${Math.log2(n)}` : `2^${Math.log2(n + 1)} - 1`)

async function column(title: string, made: Backend | Promise<Backend>): Promise<Column> {
  const backend = await made
  const device = backend.open(0)
  return { title, backend, device, rows: await supportTable(device) }
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function devices(columns: readonly Column[]): string {
  return table(['', 'package', 'context', 'dtypes', 'most elements', 'int32 is exact to', 'reads'], columns.map(({ title, backend, device: { capabilities: its } }) => [
    title,
    `\`@ashlar/backend-${title.split(' ')[0] === 'tfjs' ? 'tfjs-cuda' : title.split(' ')[0]}\``,
    `\`${backend.type}(${backend.count === Infinity ? 'i' : '0'})\``,
    its.dtypes.join(', '),
    power(its.maxSize),
    power(its.exactIntegers ?? 2 ** 31),
    its.syncRead ? 'at once' : 'asynchronous',
  ]))
}

function functions(columns: readonly Column[]): string {
  const cell = ({ rows, device }: Column, i: number): string => {
    const { how, dtypes } = rows[i]!
    const words = formatDTypes(dtypes, device.capabilities.dtypes)
    return words === 'all' || how === 'none' ? how : `${how}, ${words}`
  }
  return table(['', ...columns.map(({ title }) => title)], columns[0]!.rows.map(({ op }, i) => [`\`${op}\``, ...columns.map(entry => cell(entry, i))]))
}

/** The page about backends, as it should be. */
export async function supportPage(): Promise<string> {
  const columns: Column[] = []
  // One after the other: each calls itself kit(0) while it is asked.
  for (const [title, backend] of [
    ['cpu', () => cpuBackend()], ['tfjs (cpu)', () => tfjsCuda({ binding: 'cpu' })], ['tfjs (wasm)', () => tfjsCuda({ binding: 'wasm' })],
    ['gpujs (cpu)', () => gpujs({ mode: 'cpu' })], ['gpujs (webasm)', () => gpujs({ mode: 'webasm' })],
  ] as const) columns.push(await column(title, backend()))
  return `${INTRODUCTION}\n${devices(columns)}\n${LEGEND}\n${functions(columns)}\n`
}
