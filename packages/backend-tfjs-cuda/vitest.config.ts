import { shared } from '../../vitest.shared.ts'

// A worker thread that loads TensorFlow's addon and computes nothing takes the process down at the end.
export default shared({ test: { pool: 'forks' } })
