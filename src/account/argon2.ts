/**
 * Argon2id (RFC 9106) on the WebAssembly build of `@phi-ag/argon2`.
 *
 * Only its module is used, imported statically by the composition roots. Its
 * JavaScript is left out: it passes a password's length in UTF-16 units to code
 * that counts bytes, so that "ééééé" would be cut to half.
 */

export interface Argon2Parameters {
  /** In KiB. */
  memory: number
  /** Passes over the memory. */
  passes: number
  parallelism: number
}

export interface Argon2Input extends Argon2Parameters {
  password: Uint8Array
  salt: Uint8Array
  /** Of the answer, in bytes. */
  length: number
}

export type Argon2id = (input: Argon2Input) => Uint8Array

const ARGON2ID = 2
const VERSION_13 = 0x13

/**
 * Instantiates the module once; the function it returns is synchronous and
 * throws a RangeError for parameters that RFC 9106 §3.1 does not allow.
 */
export function createArgon2id(module: WebAssembly.Module): Argon2id {
  let library: Library | undefined
  return (input) => {
    library ??= instantiate(module)
    return hashWith(library, input)
  }
}

interface Library {
  memory: WebAssembly.Memory
  malloc(size: number): number
  free(pointer: number): void
  hash(...args: number[]): number
}

function instantiate(module: WebAssembly.Module): Library {
  const { memory, malloc, free, argon2_hash, _initialize } = new WebAssembly.Instance(module)
    .exports
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('Argon2 module has no memory')
  if (typeof _initialize === 'function') _initialize()
  return { memory, malloc: callable(malloc), free: callable(free), hash: callable(argon2_hash) }
}

function callable(value: WebAssembly.ExportValue | undefined): (...args: number[]) => number {
  if (typeof value !== 'function') throw new TypeError('Argon2 module lacks a function')
  return (...args) => Number(value(...args))
}

function hashWith(library: Library, input: Argon2Input): Uint8Array {
  const { password, salt, length } = input
  const pointers = [copyIn(library, password), copyIn(library, salt), library.malloc(length)]
  const [passwordAt = 0, saltAt = 0, hashAt = 0] = pointers
  try {
    const status = library.hash(
      ...[input.passes, input.memory, input.parallelism],
      ...[passwordAt, password.length, saltAt, salt.length, hashAt, length],
      ...[0, 0, ARGON2ID, VERSION_13],
    )
    if (status !== 0) throw new RangeError(`Cannot hash: Argon2 says ${status}`)
    return new Uint8Array(library.memory.buffer, hashAt, length).slice()
  } finally {
    new Uint8Array(library.memory.buffer, passwordAt, password.length).fill(0)
    for (const pointer of pointers) library.free(pointer)
  }
}

function copyIn(library: Library, bytes: Uint8Array): number {
  const pointer = library.malloc(Math.max(bytes.length, 1))
  new Uint8Array(library.memory.buffer, pointer, bytes.length).set(bytes)
  return pointer
}
