import type { Peer, Task } from '../src/peer.ts'

/** A library that misbehaves as its variant says. */
export async function load(_: unknown, variant: string): Promise<Peer> {
  if (variant === 'absent') throw new Error('Cannot find package\n  in any of these places')
  return { version: '0', prepare: () => (variant === 'incapable' ? null : task(variant)) }
}

function task(variant: string): Task {
  return {
    answer: () => (variant === 'wrong' ? [1, 2.01] : [1, 2.001]),
    run() {
      if (variant === 'throws') throw new Error('Kernel missing')
      if (variant === 'dies') process.exit(3)
    },
  }
}
