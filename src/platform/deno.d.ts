/** What we take from Deno beside web standards; its own types redeclare the whole DOM. */
declare namespace Deno {
  interface Conn {
    read(into: Uint8Array): Promise<number | null>
    write(bytes: Uint8Array): Promise<number>
    close(): void
  }
  interface TlsConn extends Conn {
    handshake(): Promise<unknown>
  }
  interface Peer {
    hostname: string
    port: number
  }
  function connect(peer: Peer): Promise<Conn>
  function startTls(conn: Conn, options: { hostname: string }): Promise<TlsConn>

  interface HttpServer {
    readonly addr: Peer
    readonly finished: Promise<void>
    shutdown(): Promise<void>
  }
  interface ServeHandlerInfo {
    remoteAddr: Peer & { transport: string }
  }
  interface ServeOptions {
    hostname: string
    port: number
    onListen: (addr: Peer) => void
  }
  function serve(
    options: ServeOptions,
    handler: (request: Request, info: ServeHandlerInfo) => Response | Promise<Response>,
  ): HttpServer

  const env: { get(name: string): string | undefined }
  function addSignalListener(signal: 'SIGINT' | 'SIGTERM', listener: () => void): void
  function exit(code: number): never
}

declare module 'sparekey:argon2' {
  const module: WebAssembly.Module
  export default module
}

declare module 'sparekey:migrations' {
  const migrations: readonly import('./migrate.ts').Migration[]
  export default migrations
}
