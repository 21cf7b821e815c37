import { testBackend } from '@ashlar/backend-kit'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'

testBackend({ backend: () => tfjsCuda({ binding: 'cpu' }) })
