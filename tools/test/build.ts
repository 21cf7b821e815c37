import { turbo } from './steps.ts'

process.exitCode = (await turbo('build')) ? 0 : 1
