import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { supportPage } from './support.ts'

writeFileSync(join(import.meta.dirname, '../../docs/backends.md'), await supportPage())
