import type { Local } from './code.ts'
import type { Lanes } from './lanes.ts'
import { shuffle } from './lanes.ts'
import type { FunctionBody } from './module.ts'
import { Module } from './module.ts'

/** Lines that are turned together: as many as there are numbers in a line of the cache. */
const TOGETHER = 16

/** Copies of planes of 4-byte words to rows that are dense; all strides are in bytes. */
export function copyModule(lanes: Lanes): Module {
  const m = new Module()
  const eachRow = (f: FunctionBody, rows: Local, from: Local, fromRow: Local, to: Local, toRow: Local, columns: Local, row: (at: Local, out: Local, n: Local) => void): void => {
    f.while(rows.gt(0), () => {
      row(f.local(from), f.local(to), f.local(columns))
      f.step(from, fromRow)
      f.step(to, toRow)
      f.step(rows, -1)
    })
  }

  // Parameters: rows, columns, from, between its rows, to, between its rows.
  m.func('rows', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, from, fromRow, to, toRow) => {
    eachRow(f, rows, from, fromRow, to, toRow, columns, (at, out, n) => {
      for (const vectors of [4, 1]) {
        f.while(n.ge(vectors * 4), () => {
          for (let i = 0; i < vectors; i++) f.store(out, lanes.load(at, i * 16), i * 16)
          f.step(at, vectors * 16)
          f.step(out, vectors * 16)
          f.step(n, -vectors * 4)
        })
      }
      f.while(n.gt(0), () => {
        f.store(out, lanes.loadOne(at))
        f.step(at, 4)
        f.step(out, 4)
        f.step(n, -1)
      })
    })
  })

  // One number for each row. Parameters as those of `rows`.
  m.func('spread', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, from, fromRow, to, toRow) => {
    eachRow(f, rows, from, fromRow, to, toRow, columns, (at, out, n) => {
      const vector = f.local(lanes.loadSplat(at))
      f.while(n.ge(4), () => {
        f.store(out, vector)
        f.step(out, 16)
        f.step(n, -4)
      })
      f.while(n.gt(0), () => {
        f.store(out, lanes.extract(vector, 0))
        f.step(out, 4)
        f.step(n, -1)
      })
    })
  })

  // Parameters: those of `rows`, and what lies between the numbers of a row.
  m.func('gather', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, from, fromRow, to, toRow, step) => {
    eachRow(f, rows, from, fromRow, to, toRow, columns, (at, out, n) => {
      f.while(n.ge(4), () => {
        const [a, b, c] = [f.local(at.add(step)), f.local(at.add(step.shl(1))), f.local(at.add(step.mul(3)))]
        f.store(out, lanes.gather([at, a, b, c]))
        f.step(at, step.shl(2))
        f.step(out, 16)
        f.step(n, -4)
      })
      f.while(n.gt(0), () => {
        f.store(out, lanes.loadOne(at))
        f.step(at, step)
        f.step(out, 4)
        f.step(n, -1)
      })
    })
  })

  turned(m, lanes)
  return m
}

/** A matrix whose columns lie side by side. Parameters: rows, columns, from, bytes between its columns, to, bytes between its rows. */
function turned(m: Module, lanes: Lanes): void {
  m.func('turned', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, from, step, to, toRow) => {
    const square = (at: Local, out: Local): void => {
      const lines: Local[] = []
      let address = at
      for (let i = 0; i < 4; i++) {
        lines.push(f.local(lanes.load(address)))
        if (i < 3) address = f.local(address.add(step))
      }
      const [a, b, c, d] = lines as [Local, Local, Local, Local]
      const [low, lowHigh] = [f.local(shuffle(a, b, [0, 4, 1, 5])), f.local(shuffle(c, d, [0, 4, 1, 5]))]
      const [high, highHigh] = [f.local(shuffle(a, b, [2, 6, 3, 7])), f.local(shuffle(c, d, [2, 6, 3, 7]))]
      const target = f.local(out)
      const results = [shuffle(low, lowHigh, [0, 1, 4, 5]), shuffle(low, lowHigh, [2, 3, 6, 7]), shuffle(high, highHigh, [0, 1, 4, 5]), shuffle(high, highHigh, [2, 3, 6, 7])]
      results.forEach((result, i) => {
        f.store(target, result)
        if (i < 3) f.step(target, toRow)
      })
    }
    for (const together of [TOGETHER, 4]) {
      f.while(rows.ge(together), () => {
        const [at, out, n] = [f.local(from), f.local(to), f.local(columns)]
        f.while(n.ge(4), () => {
          const [source, target, left] = [f.local(at), f.local(out), f.local(together)]
          f.while(left.gt(0), () => {
            square(source, target)
            f.step(source, 16)
            f.step(target, toRow.shl(2))
            f.step(left, -4)
          })
          f.step(at, step.shl(2))
          f.step(out, 16)
          f.step(n, -4)
        })
        f.while(n.gt(0), () => {
          const [source, target, left] = [f.local(at), f.local(out), f.local(together)]
          f.while(left.gt(0), () => {
            f.store(target, lanes.loadOne(source))
            f.step(source, 4)
            f.step(target, toRow)
            f.step(left, -1)
          })
          f.step(at, step)
          f.step(out, 4)
          f.step(n, -1)
        })
        f.step(from, together * 4)
        f.step(to, toRow.mul(together))
        f.step(rows, -together)
      })
    }
    f.while(rows.gt(0), () => {
      const [at, out, n] = [f.local(from), f.local(to), f.local(columns)]
      f.while(n.gt(0), () => {
        f.store(out, lanes.loadOne(at))
        f.step(at, step)
        f.step(out, 4)
        f.step(n, -1)
      })
      f.step(from, 4)
      f.step(to, toRow)
      f.step(rows, -1)
    })
  })
}
