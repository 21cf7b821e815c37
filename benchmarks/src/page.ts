import { notes } from './report.ts'
import type { Report } from './report.ts'
import { caption, markdownTable } from './table.ts'

/** All of the page but the results. */
export const INTRODUCTION = `# Benchmarks

Ashlar beside what else trains networks from JavaScript, and beside PyTorch. \`npm run bench -- --markdown docs/benchmarks.md\` measures and writes this page.

## Running it

\`\`\`sh
npm run build                                   # the row of imports reads what was built
npm run bench                                   # everything: some twenty minutes
npm run bench -- --quick                        # that it runs, not how fast
npm run bench -- --only 'matmul 512' --threads 1
npm run bench -- --from benchmarks/results/latest.json --markdown docs/benchmarks.md
npm run bench -- --help
\`\`\`

TensorFlow.js (\`cpu\` and \`wasm\`), jax-js and gpu.js are installed with the workspace. \`tfjs-node\` takes part where Node finds \`@tensorflow/tfjs-node\`, be it by
\`NODE_PATH\`, and PyTorch where \`python3 -c 'import torch'\` works. Who is missing, and who cannot do one of the rows, is named below the table with the reason.

## What is measured

- **import**: from a new process to a library that is ready for its first operation, as the library itself sees it: without the start of Node or Python.
- **matmul**, in all four transpose cases, **add**, **exp**, **softmax**: one operation on arrays that are there, the result freed.
- **train step**: forward, backward and one step of gradient descent, as a user of each library writes it: \`autograd.record\`, \`backward\` and \`trainer.step\` here,
  \`optimizer.minimize\` in TensorFlow.js, one \`jit\` of \`valueAndGrad\` and the update in jax-js, \`zero_grad\`, \`backward\` and \`step\` in PyTorch. Nobody reads the loss.
- **LeNet** has two convolutions with sigmoids and mean pooling, then three dense layers; the **transformer block** normalizes first, and has four times the width in its middle.
- **peak memory**: the most that the whole process ever held, runtime and library included.

## How

Each row starts a process for each library, so that neither the engine's compiled code nor garbage goes from one to the other. All make the same arrays from the same hash, and
before anything is timed, their results, or the losses of the first three training steps, have to agree with ours within a relative 1e-3. Each then warms up for a second. The
rounds go round in turn, so that whatever else the machine does meets all alike; in each, a library repeats its work for about as long as every other. What takes very long gets fewer rounds,
never fewer than three. A cell has the median over the rounds of the time of one run, and the median of the ratio to ours in the same round: above 1 means slower than Ashlar, or larger.

The time of a run ends when the result is there. The CPU backends of all these libraries compute before they return; jax-js is waited for.

\`--threads\` reaches Ashlar as \`ASHLAR_THREADS\`, PyTorch as \`torch.set_num_threads\`, and TensorFlow.js as \`setThreadsCount\` or TensorFlow's own variable. In Node, the WebAssembly backends of
TensorFlow.js and jax-js have one thread whatever they are told: both want a browser's \`Worker\`.
`

/** The page about benchmarks, with the table of a report. */
export function page(report: Report): string {
  const remarks = notes(report).map(line => `- ${line}`)
  return `${INTRODUCTION}
## Results

${markdownTable(report)}

${caption(report)}
${remarks.length === 0 ? '' : `\n${remarks.join('\n')}\n`}`
}
