import { turbo } from './steps.ts'

process.exitCode = (await turbo('lint')) ? 0 : 1
