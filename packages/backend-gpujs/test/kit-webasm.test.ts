import { gpujs } from '@ashlar/backend-gpujs'
import { testBackend } from '@ashlar/backend-kit'
import { beyond24Bits } from './support/beyond-24-bits.ts'

testBackend({ backend: gpujs({ mode: 'webasm' }), skip: [beyond24Bits] })
