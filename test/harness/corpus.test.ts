import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CodeError, type Message } from '../../harness/index.ts'
import { readMail } from './read-mail.ts'

const folder = join(import.meta.dirname, 'corpus')
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.eml'))
  .map((file) => file.replace(/\.eml$/, ''))

/** What is written by hand beside each mail. */
interface Expected {
  /** Every link, in order. */
  links: string[]
  /** What is asked for, and the link that it gives. */
  by?: Record<string, string>
  /** Links whose words show another host. */
  deceptive?: string[]
  /** The one code; null when there is no single one. */
  code?: string | null
  codes?: string[]
  text?: string
  attachments?: string[]
}

test.each(names)('%s.eml reads as is written beside it', async (name) => {
  const expected: Expected = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))
  const message = await readMail(join(folder, `${name}.eml`))
  const asked = Object.keys(expected.by ?? {})
  const read = {
    links: message.links.map(({ href }) => href),
    by: Object.fromEntries(asked.map((wanted) => [wanted, message.link(wanted)])),
    deceptive: message.links.filter(({ deceptive }) => deceptive).map(({ href }) => href),
    code: singleCode(message),
    attachments: message.attachments.map(({ filename }) => filename),
    ...(expected.codes && { codes: message.codes }),
    text: message.text.trim(),
  }
  const nothing = { by: {}, deceptive: [], code: null, attachments: [], text: read.text }
  expect(read).toEqual({ ...nothing, ...expected })
})

function singleCode(message: Message) {
  try {
    return message.code()
  } catch (error) {
    if (error instanceof CodeError) return null
    throw error
  }
}
