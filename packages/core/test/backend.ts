/**
 * The backend that core's tests run on. Core must not depend on a backend, and backend-cpu depends on core, so the
 * tests reach over by path; turbo counts these sources among the inputs of core's tests.
 */
import { registerBackend } from '@ashlar/core'
import { cpuBackend } from '../../backend-cpu/src/index.ts'

registerBackend(cpuBackend())
