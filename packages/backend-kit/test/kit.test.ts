import { referenceBackend, testBackend } from '@ashlar/backend-kit'

testBackend({ backend: referenceBackend })
