import type { Local } from './code.ts'
import { instruction, memory, simd } from './code.ts'
import type { Lanes } from './lanes.ts'
import { shuffle } from './lanes.ts'
import type { Func, FunctionBody, Module } from './module.ts'

/**
 * Packs a panel whose `width` numbers lie side by side: line by line, `steps` lines.
 * Parameters: source, bytes between lines, steps, how many numbers there are, panel width (the rest becomes 0), target.
 */
export function packAlong(m: Module, lanes: Lanes, widths: readonly number[]): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, source, line, steps, count, width, target) => {
    for (const full of widths) {
      f.if(count.eq(full).and(width.eq(full)), () => {
        f.while(steps.gt(0), () => {
          let at = 0
          for (; at + 16 <= full * lanes.bytes; at += 16) f.store(target, lanes.load(source, at), at)
          for (; at < full * lanes.bytes; at += lanes.bytes) f.store(target, lanes.loadOne(source, at), at)
          f.step(source, line)
          f.step(target, full * lanes.bytes)
          f.step(steps, -1)
        })
        f.return()
      })
    }
    const i = f.local('i32')
    f.while(steps.gt(0), () => {
      f.set(i, 0)
      f.range(i, count, 1, () => f.store(target.add(i.shl(lanes.shift)), lanes.loadOne(source.add(i.shl(lanes.shift)))))
      f.range(i, width, 1, () => f.store(target.add(i.shl(lanes.shift)), lanes.constant(0)))
      f.step(source, line)
      f.step(target, width.shl(lanes.shift))
      f.step(steps, -1)
    })
  })
}

/** Turns a square of vectors: `count` lines of the source become the lanes of as many steps. */
function transposeLines(m: Module, lanes: Lanes): Func {
  const n = lanes.count
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, source, line, steps, target, stride) => {
    const lines = [source]
    for (let i = 1; i < n; i++) lines.push(f.local(lines[i - 1]!.add(line)))
    const put = (vector: ReturnType<typeof shuffle>): void => {
      f.store(target, vector)
      f.step(target, stride)
    }
    f.while(steps.ge(n), () => {
      const rows = lines.map(address => f.local(lanes.load(address)))
      lines.forEach(address => f.step(address, 16))
      const [r0, r1, r2, r3] = rows as [Local, Local, Local, Local]
      if (n === 2) {
        put(shuffle(r0, r1, [0, 2]))
        put(shuffle(r0, r1, [1, 3]))
      } else {
        const low = [f.local(shuffle(r0, r1, [0, 4, 1, 5])), f.local(shuffle(r2, r3, [0, 4, 1, 5]))] as const
        const high = [f.local(shuffle(r0, r1, [2, 6, 3, 7])), f.local(shuffle(r2, r3, [2, 6, 3, 7]))] as const
        for (const [a, b] of [low, high]) {
          put(shuffle(a, b, [0, 1, 4, 5]))
          put(shuffle(a, b, [2, 3, 6, 7]))
        }
      }
      f.step(steps, -n)
    })
    f.while(steps.gt(0), () => {
      lines.forEach((address, i) => {
        f.store(target, lanes.loadOne(address), i * lanes.bytes)
        f.step(address, lanes.bytes)
      })
      f.step(target, stride)
      f.step(steps, -1)
    })
  })
}

/** Two lines of float32 at a time, half a vector a step: what six rows leave over. */
function transposePair(m: Module, lanes: Lanes): Func {
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, source, line, steps, target, stride) => {
    const other = f.local(source.add(line))
    const putHalf = (vector: Local, half: 0 | 1): void => {
      f.raw([...target.bytes, ...vector.bytes, ...simd(0x5b, ...memory(2), half)])
      f.step(target, stride)
    }
    f.while(steps.ge(4), () => {
      const r0 = f.local(lanes.load(source))
      const r1 = f.local(lanes.load(other))
      const low = f.local(shuffle(r0, r1, [0, 4, 1, 5]))
      const high = f.local(shuffle(r0, r1, [2, 6, 3, 7]))
      for (const vector of [low, high]) for (const half of [0, 1] as const) putHalf(vector, half)
      f.step(source, 16)
      f.step(other, 16)
      f.step(steps, -4)
    })
    f.while(steps.gt(0), () => {
      f.store(target, lanes.loadOne(source))
      f.store(target, lanes.loadOne(other), lanes.bytes)
      f.step(source, lanes.bytes)
      f.step(other, lanes.bytes)
      f.step(target, stride)
      f.step(steps, -1)
    })
  })
}

/**
 * Packs a panel whose `width` numbers lie a line apart. Parameters as those of {@link packAlong}; the steps lie side by side.
 */
export function packAcross(m: Module, lanes: Lanes): Func {
  const square = transposeLines(m, lanes)
  const pair = lanes.count === 4 ? transposePair(m, lanes) : null
  return m.func(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, source, line, steps, count, width, target) => {
    const stride = f.local(width.shl(lanes.shift))
    const i = f.local(0)
    const to = (): ReturnType<Local['add']> => target.add(i.shl(lanes.shift))
    const from = (): ReturnType<Local['add']> => source.add(i.mul(line))
    f.while(i.add(lanes.count).le(count), () => {
      f.call(square, from(), line, steps, to(), stride)
      f.step(i, lanes.count)
    })
    if (pair !== null) {
      f.if(i.add(2).le(count), () => {
        f.call(pair, from(), line, steps, to(), stride)
        f.step(i, 2)
      })
    }
    f.range(i, width, 1, () => column(f, lanes, i.lt(count), f.local(from()), f.local(to()), stride, steps))
  })
}

function column(f: FunctionBody, lanes: Lanes, present: ReturnType<Local['lt']>, source: Local, target: Local, stride: Local, steps: Local): void {
  const left = f.local(steps)
  f.if(present, () => {
    f.while(left.gt(0), () => {
      f.store(target, lanes.loadOne(source))
      f.step(source, lanes.bytes)
      f.step(target, stride)
      f.step(left, -1)
    })
  }, () => {
    f.while(left.gt(0), () => {
      f.store(target, instruction(lanes.scalar, [], lanes.constant(0)))
      f.step(target, stride)
      f.step(left, -1)
    })
  })
}
