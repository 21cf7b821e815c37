import { runExamples } from '../../../tools/doctest/index.ts'

runExamples(new URL('..', import.meta.url))
