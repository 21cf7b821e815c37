// Section 5.5: arrays and networks in files. The files go to the folder that is given, else to one that is removed again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nn, np, npx } from 'ashlar'
import type { NDArray } from 'ashlar'
import { heading } from './heading.ts'

const given = process.argv[2]
const folder = given ?? mkdtempSync(join(tmpdir(), 'ashlar-course-'))
if (given === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = (name: string): string => join(folder, name)

heading('One array')
const x = np.arange(4)
npx.save(file('x-file'), x)
console.log(npx.load(file('x-file')))

heading('A list')
const y = np.zeros(4)
npx.save(file('x-files'), [x, y])
const [x2, y2] = npx.load(file('x-files')) as NDArray[]
console.log([x2, y2])

heading('A dictionary')
npx.save(file('mydict'), { x, y })
console.log(npx.load(file('mydict')))

heading('A network')

class MLP extends nn.Block {
  hidden = new nn.Dense(256, { activation: 'relu' })
  output = new nn.Dense(10)

  override forward(input: NDArray): NDArray {
    return this.output(this.hidden(input))
  }
}

const net = new MLP()
net.initialize()
const input = np.random.uniform({ size: [2, 20] })
const output = net(input)
net.saveParameters(file('mlp.params'))

const clone = new MLP()
clone.loadParameters(file('mlp.params'))
console.log(clone(input).eq(output))
