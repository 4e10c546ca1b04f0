/**
 * Checks log-ins for Postfix in the protocol that it speaks with Dovecot
 * (Dovecot's Authentication Protocol, version 1.1). Debian's Postfix reads the
 * configuration of Cyrus SASL from /etc alone, which belongs to the machine.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

const GREETING = [
  'VERSION\t1\t1',
  'MECH\tPLAIN\tplaintext',
  'SPID\t1',
  'CUID\t1',
  'COOKIE\t00000000000000000000000000000000',
  'DONE',
]

/** Starts the server, for one user. */
export async function startAuth({ user, password }: { user: string; password: string }) {
  const response = Buffer.from(`\0${user}\0${password}`).toString('base64')
  const server = createServer((socket) => {
    socket.on('error', () => {}) // Postfix that is ended by force.
    tell(socket, GREETING)
    let text = ''
    socket.on('data', (chunk) => {
      const lines = `${text}${chunk.toString()}`.split('\n')
      text = lines.pop() ?? ''
      tell(socket, lines.flatMap(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function answer(line: string): string[] {
    const [command, id, ...parameters] = line.split('\t')
    if (command !== 'AUTH') return []
    const isRight = parameters.includes(`resp=${response}`)
    return [isRight ? `OK\t${id}\tuser=${user}` : `FAIL\t${id}\tuser=${user}`]
  }

  return {
    port: (server.address() as AddressInfo).port,
    stop: () => void server.close(),
  }
}

function tell(socket: Socket, lines: readonly string[]): void {
  socket.write(lines.map((line) => `${line}\n`).join(''))
}
