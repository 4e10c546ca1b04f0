import argon2Module from '@phi-ag/argon2/argon2.wasm'
import { createArgon2id } from '../../src/account/argon2.ts'
import { ARGON2_PARAMETERS } from '../../src/account/password-hash.ts'
import { secureRandom } from '../../src/account/random.ts'

const argon2id = createArgon2id(argon2Module)
const password = new TextEncoder().encode('a first long password')

/** One hash as the service computes them. */
export function hashOnce(): Uint8Array {
  return argon2id({ ...ARGON2_PARAMETERS, password, salt: secureRandom(16), length: 32 })
}
