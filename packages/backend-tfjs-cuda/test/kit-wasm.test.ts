import { testBackend } from '@ashlar/backend-kit'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { remainderByInfinity } from './support/skip.ts'

testBackend({ backend: () => tfjsCuda({ binding: 'wasm' }), skip: [remainderByInfinity] })
