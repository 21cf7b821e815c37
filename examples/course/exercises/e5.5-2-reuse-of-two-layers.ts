// Exercise 5.5-2: the first two layers of one network in another.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nn, np } from 'ashlar'
import { heading } from '../src/heading.ts'

const folder = mkdtempSync(join(tmpdir(), 'ashlar-course-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'first.params')

const first = new nn.Sequential(new nn.Dense(16, { activation: 'relu' }), new nn.Dense(8, { activation: 'relu' }), new nn.Dense(10))
first.initialize()
first(np.ones([2, 20]))

heading('Shared: both networks hold the same layers')
const sharing = new nn.Sequential()
sharing.add(...first.slice(0, 2), new nn.Dense(3))
sharing.at(-1).initialize()
console.log(sharing(np.ones([2, 20])).shape, sharing[0].weight === first[0].weight)

heading('Copied: through a file, what is new keeps its own values')
first.saveParameters(file)
const copying = new nn.Sequential(new nn.Dense(16, { activation: 'relu' }), new nn.Dense(8, { activation: 'relu' }), new nn.Dense(8), new nn.Dense(3))
copying.initialize()
copying.slice(0, 2).loadParameters(file, { ignoreExtra: true })
console.log(copying(np.ones([2, 20])).shape)
console.log(np.arrayEqual(copying[0].weight.data(), first[0].weight.data()), copying[0].weight === first[0].weight)
