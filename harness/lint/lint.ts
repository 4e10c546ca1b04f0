/**
 * What is wrong with a message that mail servers, mail clients and readers will
 * stumble over. Asked for, never enforced.
 */
import type { Message } from '../message/message.ts'
import type { Finding, Rule } from './finding.ts'
import { lintHeaders } from './headers.ts'
import { lintHtml } from './html.ts'
import { lintWire } from './wire.ts'

/**
 * Every finding, except those of rules to `ignore`.
 *
 * @example
 * expect(lint(message, { ignore: ['contrast'] })).toEqual([])
 */
export function lint(message: Message, options: { ignore?: readonly Rule[] } = {}): Finding[] {
  if (message.problem !== '') return [{ rule: 'unparsable', detail: message.problem }]
  const found = [...lintWire(message), ...lintHeaders(message), ...lintHtml(message)]
  return found.filter(({ rule }) => !options.ignore?.includes(rule))
}
