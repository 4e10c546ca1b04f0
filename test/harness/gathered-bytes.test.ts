/** What a part is gathered in as it is decoded: nothing that has to be waited for. */
import { afterEach, expect, test, vi } from 'vitest'
import { withGatheredBytes } from '../../build/postal-mime.ts'
import { GatheredBytes } from '../../harness/message/gathered-bytes.ts'
import { parseMail } from './read-mail.ts'

afterEach(() => void vi.unstubAllGlobals())

const mail = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

as it is: é
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>quoted: =C3=A9</p>
--b
Content-Type: application/octet-stream; name=bytes
Content-Transfer-Encoding: base64

AP8A/w==
--b--
`

test('no encoding of a part needs a Blob', async () => {
  vi.stubGlobal(
    'Blob',
    class {
      constructor() {
        throw new Error('a Blob was made')
      }
    },
  )
  const message = await parseMail(mail)
  expect(message.problem).toBe('')
  expect(message.text).toContain('as it is: é')
  expect(message.html).toContain('quoted: é')
  expect(message.attachments.map(({ content }) => [...content])).toEqual([[0, 255, 0, 255]])
})

test('chunks of any kind become one, each as it is', async () => {
  const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3)
  const bytes = new GatheredBytes(['é', view, new Uint8Array([3]).buffer, '\n'])
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0xc3, 0xa9, 1, 2, 3, 10])
})

test('a decoder that makes no Blob any more is noticed when we are built', () => {
  expect(() => withGatheredBytes('export default class {}')).toThrow('makes no Blob')
})
