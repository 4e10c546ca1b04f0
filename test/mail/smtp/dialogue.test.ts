/**
 * What the dialogue lets out, whatever the library behind it writes: the last
 * wall, which no server can make worker-mailer run into today.
 */
import { describe, expect, test } from 'vitest'
import { Dialogue } from '../../../src/mail/smtp/dialogue.ts'

describe('on a connection that must be encrypted and is not', () => {
  const lines = [
    'AUTH PLAIN AGEAYg==',
    'MAIL FROM: <a@b.test>',
    'RCPT TO: <a@b.test>',
    'DATA',
    'RSET',
    '',
  ]

  test.for(lines)('%j is not written', (line) => {
    const dialogue = aDialogue('starttls')
    expect(() => write(dialogue, `${line}\r\n`)).toThrow('the connection is not encrypted')
    expect(dialogue.isUsable).toBe(false)
  })

  test.for(['EHLO 127.0.0.1', 'HELO 127.0.0.1', 'STARTTLS', 'QUIT'])('%j is', (line) => {
    expect(write(aDialogue('starttls'), `${line}\r\n`)).toMatch(
      /^[A-Z]+(?: id\.example\.test)?\r\n$/,
    )
  })

  test('everything is, once TLS has started', () => {
    const dialogue = aDialogue('starttls')
    dialogue.startTls()
    expect(write(dialogue, 'MAIL FROM: <a@b.test> \r\n')).toBe('MAIL FROM:<a@b.test>\r\n')
  })
})

test.for([
  'MAIL FROM:<a>\r\nRCPT TO:<b>\r\n',
  'NOOP\n',
  'NOOP',
  'NO\0OP\r\n',
  'NO\rOP\r\n',
  '\r\n\r\n',
])('a command that is not one line (%j) is not written', (text) => {
  expect(() => write(aDialogue('none'), text)).toThrow('a command must be one line')
})

test('after a failure nothing more is written, and the first failure stands', () => {
  const dialogue = aDialogue('none')
  const first = dialogue.fail('silent', 'no answer within 1 s')
  dialogue.fail('closed', 'later')
  expect(() => write(dialogue, 'QUIT\r\n')).toThrow(first)
  expect(dialogue.errorFor(new Error('what a library says'))).toBe(first)
})

function aDialogue(tls: 'starttls' | 'none'): Dialogue {
  const connect = () => {
    throw new TypeError('No socket is needed to be refused')
  }
  return new Dialogue({ connect, tls, helo: 'id.example.test', logsIn: false, secrets: [] })
}

function write(dialogue: Dialogue, text: string): string {
  return new TextDecoder().decode(dialogue.outgoing(new TextEncoder().encode(text)))
}
