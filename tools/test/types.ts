import { types } from './steps.ts'

process.exitCode = (await types()) ? 0 : 1
