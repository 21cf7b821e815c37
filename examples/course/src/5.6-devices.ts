// Section 5.6: where arrays live and computations run. The two GPUs are simulated, so that this runs anywhere.
import { cpuBackend, device, nn, np, npx, registerBackend } from 'ashlar'
import { heading } from './heading.ts'

registerBackend(device.simulatedGpus(2, { backend: cpuBackend() }))

heading('Devices are names')
console.log([npx.cpu(), npx.gpu(), npx.gpu(1)])

heading('How many GPUs there are')
console.log(npx.numGpus())

heading('One that may not be there, and all that are')
const { tryGpu, tryAllGpus } = device
console.log([tryGpu(), tryGpu(3), tryAllGpus()])

heading('An array is on the CPU')
console.log(np.array([1, 2, 3]))
console.log(np.array([1, 2, 3]).context)

heading('Or where it was made')
const x = np.ones([2, 3], { ctx: tryGpu() })
console.log(x)

heading('Drawn on the second GPU, from its own stream')
const y = np.random.uniform({ size: [2, 3], ctx: tryGpu(1) })
console.log(y)

heading('Copied over')
let z = x.copyto(tryGpu(1))
console.log(String(x))
console.log(String(z))

heading('The sum is where its operands are')
console.log(y.add(z).context)

heading('Moved only where it is not there yet')
z = x.asInContext(tryGpu(1))
console.log(z)
console.log(y.asInContext(tryGpu(1)) === y)
console.log(y.copyto(tryGpu(1)) === y)

heading('A network on a GPU')
const net = new nn.Sequential()
net.add(new nn.Dense(1))
net.initialize({ ctx: tryGpu() })
console.log(net(x))
console.log(net[0].weight.data())
