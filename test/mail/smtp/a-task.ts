/** Tasks with everything in them that a test does not care about. */
import type { Delivery, Task } from './task.ts'

export const LINK =
  'https://id.example.test/reset_password/eyJhbGciOiJIUzI1NiIsImtpZCI6IkFiIn0.eyJzdWIiOiJrM0p4OSIsImN2IjozfQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZy1lbm91Z2g'
export const PASSWORD = 'correct-horse-battery-staple'

/** A delivery of `messages` to a server on loopback. */
export function aTask(
  settings: Partial<Task['settings']> & { port: number },
  rest: Partial<Omit<Task, 'settings'>> = {},
): Task {
  const sender = { address: 'no-reply@id.example.test', name: 'Sparekey' }
  return {
    settings: { host: 'localhost', tls: 'none', sender, ...settings },
    deadlines: {},
    messages: [aDelivery()],
    ...rest,
  }
}

export function aDelivery(fields: Partial<Delivery> = {}): Delivery {
  return {
    to: 'ana@example.test',
    subject: 'Choose a new password',
    text: `Hello,\n\n${LINK}\n\nGoodbye`,
    html: `<p>Hello</p><p><a href="${LINK}">${LINK}</a></p>`,
    messageId: 'k3Jx9.1',
    ...fields,
  }
}
