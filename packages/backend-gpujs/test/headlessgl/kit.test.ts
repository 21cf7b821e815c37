import { gpujs } from '@ashlar/backend-gpujs'
import { testBackend } from '@ashlar/backend-kit'

testBackend({ backend: gpujs({ mode: 'headlessgl' }) })
