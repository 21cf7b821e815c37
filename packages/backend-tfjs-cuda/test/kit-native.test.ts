import { testBackend } from '@ashlar/backend-kit'
import { tfjsCuda } from '@ashlar/backend-tfjs-cuda'
import { it } from 'vitest'
import { NO_NATIVE, nativeBinding } from './native.ts'

const native = await nativeBinding()
if (native === undefined) it('passes the kit on TensorFlow itself', ({ skip }) => skip(NO_NATIVE))
else testBackend({ backend: () => tfjsCuda({ ...native, allowCpu: true }) })
