import { readFile } from 'node:fs/promises'
import { Captured, type Message } from '../../harness/index.ts'

/** A message from raw bytes, as if it had been captured. */
export function parseMail(raw: string | Buffer): Promise<Message> {
  const envelope = { from: 'service@example.test', to: ['ada@example.test'], parameters: {} }
  const delivery = { envelope, tls: false, auth: false, hello: 'localhost', session: '' } as const
  return new Captured(Buffer.from(raw), delivery, 1).parse()
}

/** A message from a file of the corpus. */
export async function readMail(file: string): Promise<Message> {
  return parseMail(await readFile(file))
}
