/**
 * What postal-mime's decoders gather a part in: in place of a `Blob`, whose bytes
 * Node fetches by way of another thread. That took a third of the time from a fresh
 * connection to a readable message; build/postal-mime.ts puts this in its place.
 */
export class GatheredBytes {
  readonly #chunks: readonly (string | ArrayBuffer | Uint8Array)[]

  constructor(chunks: readonly (string | ArrayBuffer | Uint8Array)[]) {
    this.#chunks = chunks
  }

  /** All of them, one after the other; text as UTF-8. */
  arrayBuffer(): Promise<ArrayBuffer> {
    const whole = Buffer.concat(this.#chunks.map(toBytes))
    return Promise.resolve(new Uint8Array(whole).buffer)
  }
}

function toBytes(chunk: string | ArrayBuffer | Uint8Array): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk)
  return chunk instanceof ArrayBuffer ? new Uint8Array(chunk) : chunk
}
