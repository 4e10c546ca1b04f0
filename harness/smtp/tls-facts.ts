import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { TlsFacts } from '../mailbox/captured.ts'

/** What TLS agreed on for this socket. */
export function tlsFacts(socket: Socket, by: TlsFacts['by']): TlsFacts {
  if (!(socket instanceof TLSSocket)) throw new TypeError('Not a TLS socket')
  const servername: unknown = Reflect.get(socket, 'servername')
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    servername: typeof servername === 'string' ? servername : undefined,
    by,
  }
}
