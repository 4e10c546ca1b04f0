/** The Argon2id of the service, for tests that run on Node. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createArgon2id } from '../../src/account/argon2.ts'

const wasm = createRequire(import.meta.url).resolve('@phi-ag/argon2/argon2.wasm')

export const argon2id = createArgon2id(await WebAssembly.compile(await readFile(wasm)))
