import { expect } from 'vitest'
import { mailMatchers } from '../../harness/vitest.ts'

expect.extend(mailMatchers)
