import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Replies, Reply, Request } from './protocol.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
const TORCH = fileURLToPath(new URL('../peers/pytorch.py', import.meta.url))

/** What takes longer than this is not worth a row. */
const PATIENCE_SECONDS = 180

/** How a candidate's process is started. */
export interface Lane {
  /** One of ours, by name, or any other by URL. */
  readonly module: string
  readonly variant: string
  readonly threads: number | null
  /** Whether packages of the workspace are read from their sources, or as they were built. */
  readonly source: boolean
}

/** A candidate's process. Requests are made one at a time. */
export class LaneProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #patience: number
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | null = null
  #ended: Error | null = null
  #complaints = ''

  constructor({ module, source, threads }: Lane, patience = PATIENCE_SECONDS) {
    this.#patience = patience
    const env = { ...process.env, ...(threads === null ? {} : threadVariables(threads)) }
    const [command, args] = module === 'torch' ? ['python3', [TORCH]] : [process.execPath, [...(source ? ['--conditions=source'] : []), '--disable-warning=ExperimentalWarning', CHILD]]
    this.#child = spawn(command, args, { env, stdio: 'pipe' })
    this.#child.on('error', error => this.#end(error))
    this.#child.on('exit', (code, signal) => this.#end(new Error(`its process ended (${signal ?? `exit code ${code}`})${lastLine(this.#complaints)}`)))
    // A process that is gone says so by its exit.
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', data => (this.#complaints = (this.#complaints + data).slice(-4000)))
    createInterface({ input: this.#child.stdout }).on('line', line => this.#receive(line))
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws Error with the candidate's own message, where its process ended, and where the answer takes too long
   */
  async ask<A extends Request['ask']>(ask: A, rest: Omit<Extract<Request, { ask: A }>, 'ask'>): Promise<Replies[A]> {
    if (this.#ended !== null) throw this.#ended
    const reply = await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(new Error(`no answer in ${this.#patience} s`))
        this.close()
      }, this.#patience * 1000)
      const settle = <T>(how: (value: T) => void) => (value: T) => (clearTimeout(timer), (this.#waiting = null), how(value))
      this.#waiting = { resolve: settle(resolve), reject: settle(reject) }
      this.#child.stdin.write(`${JSON.stringify({ ask, ...rest })}\n`)
    })
    if ('error' in reply) throw new Error(reply.error)
    return reply as Replies[A]
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #receive(line: string): void {
    // Native libraries greet on the standard output, too.
    if (!line.startsWith('{')) return
    try {
      this.#waiting?.resolve(JSON.parse(line) as Reply)
    } catch {
      // Python writes NaN as JSON has no word for it.
      this.#waiting?.reject(new Error(`an answer that cannot be read: ${line.slice(0, 80)}`))
    }
  }

  #end(error: Error): void {
    this.#ended ??= error
    this.#waiting?.reject(this.#ended)
  }
}

const threadVariables = (threads: number): Record<string, string> => ({
  ASHLAR_THREADS: String(threads),
  OMP_NUM_THREADS: String(threads),
  TF_NUM_INTRAOP_THREADS: String(threads),
})

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1)!
  return line === '' ? '' : `: ${line}`
}
