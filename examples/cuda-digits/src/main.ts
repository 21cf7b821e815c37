import { runMain } from '@ashlar-examples/shared/main'
import { cli } from './cli.ts'

// What TensorFlow says of its build is no news.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
// tfjs-node calls functions that newer Nodes advise against.
process.noDeprecation = true

await runMain(cli)
