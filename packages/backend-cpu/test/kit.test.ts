import { cpuBackend } from '@ashlar/backend-cpu'
import { testBackend } from '@ashlar/backend-kit'

testBackend({ backend: cpuBackend })
