/** Says what is going on, on standard error: lines, and on a terminal one line that counts. */
export interface Progress {
  /** A step has begun. */
  step(label: string): void
  /** How far it is, from 0 to 1. */
  at(fraction: number): void
  /** It is over; says how long it took. */
  done(): void
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let label = ''
  let started = 0
  let fraction: number | undefined
  let timer: NodeJS.Timeout | undefined
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`
  const draw = (): void => void stream.write(`\r\u001b[K${label} … ${fraction === undefined ? '' : `${Math.floor(fraction * 100)} % `}${seconds()}`)
  const stop = (): void => clearInterval(timer)
  return {
    step(next) {
      stop()
      label = next
      fraction = undefined
      started = performance.now()
      if (!stream.isTTY) return void stream.write(`${label} …\n`)
      timer = setInterval(draw, 200).unref()
      draw()
    },
    at(next) {
      fraction = next
    },
    done() {
      stop()
      if (stream.isTTY && label !== '') stream.write(`\r\u001b[K${label}: ${seconds()}\n`)
      label = ''
    },
  }
}
