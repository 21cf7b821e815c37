import { testBackend } from '@ashlar/backend-kit'
import { plainBackend } from '../src/backend.ts'

// Some 1,000 tests: every kernel and kind in each dtype that the device declares, then operations, gradients and memory.
testBackend({ backend: plainBackend })
