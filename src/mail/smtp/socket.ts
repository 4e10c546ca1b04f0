/**
 * The shape of a socket as `cloudflare:sockets` gives them out, as far as SMTP
 * needs it. Workers have it built in; Node and Deno have adapters in
 * `platform/`.
 */

export interface Address {
  readonly hostname: string
  readonly port: number
}

export interface SocketOptions {
  /** `on`: TLS from the first byte; `starttls`: plain until `startTls()`. */
  readonly secureTransport?: 'on' | 'off' | 'starttls'
  readonly allowHalfOpen?: boolean
}

export interface Socket {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
  readonly opened: Promise<unknown>
  readonly closed: Promise<void>
  close(): Promise<void>
  startTls(): Socket
}

/** Opens a socket at once; whether the other side answers is told by `opened`. */
export type Connect = (address: Address, options: SocketOptions) => Socket

/** What a server showed when TLS came about; only a runtime that tells can say it. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly protocol: string
  readonly subject: string
  readonly issuer: string
  readonly validTo: Date
}

/** Told what `cloudflare:sockets` has no words for. */
export interface Watch {
  /** The port answered; `address` is the one of several that did. */
  readonly connected?: (address: string) => void
  readonly secured?: (facts: TlsFacts) => void
}
