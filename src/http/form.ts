/**
 * Forms, read strictly: what is not exactly a form of ours is refused before
 * any rule sees it.
 */
import type { Context } from 'hono'
import { confide } from './confided.ts'
import { Refusal } from './refusal.ts'

/** In bytes; no form of ours comes near it. */
export const BODY_MAX = 16 * 1024

export type FormFields<Name extends string> = Record<Name, string>

/**
 * Reads the named fields of an `application/x-www-form-urlencoded` body. A
 * missing field is empty; unknown ones are ignored, so that nothing can be
 * assigned that no handler asked for. Throws a `Refusal` of 400, 413 or 415.
 *
 * @example
 * const { email } = await readForm(c, ['email'])
 */
export async function readForm<const Name extends string>(
  c: Context,
  names: readonly Name[],
): Promise<FormFields<Name>> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new Refusal('wrong-type')
  const fields = parseFields(await readBody(c.req.raw))
  confide(c, fields.values())
  const entries = names.map((name) => [name, fields.get(name) ?? ''] as const)
  for (const [name, value] of entries) refuseControlCharacters(name, value)
  return Object.fromEntries(entries) as FormFields<Name>
}

/**
 * In bytes. So much is read and dropped before an answer: whoever is answered in
 * the middle of sending sees a broken connection instead of the reason.
 */
const DRAINED_MOST = 4 * 1024 * 1024

/** Keeps no more than a form may have, whatever Content-Length says. */
export async function readBody(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of receive(request)) {
    length += chunk.length
    if (length <= BODY_MAX) chunks.push(chunk)
    if (length > DRAINED_MOST) break
  }
  if (length > BODY_MAX) throw new Refusal('too-large')
  return decodeUtf8(concat(chunks, length))
}

/** A body that ends too soon or is framed wrongly is the client's doing: nobody is told that we failed. */
async function* receive({ body }: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? []
  } catch (cause) {
    throw new Refusal('bad-request', { cause })
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal('bad-request', { cause })
  }
}

/** WHATWG URL, "application/x-www-form-urlencoded parsing", but a field given twice or bad UTF-8 is refused. */
function parseFields(body: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const pair of body.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=')
    const name = decodeComponent(equals === -1 ? pair : pair.slice(0, equals))
    // `email[]=` and `account[role]=` are how other servers are made to see arrays and objects.
    if (fields.has(name) || /[[\]]/.test(name)) throw new Refusal('bad-request')
    fields.set(name, equals === -1 ? '' : decodeComponent(pair.slice(equals + 1)))
  }
  return fields
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new Refusal('bad-request', { cause })
  }
}

/** A password may hold any character; nothing else that people type holds a control character. */
export function refuseControlCharacters(name: string, value: string): void {
  if (name.endsWith('password')) return
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) throw new Refusal('bad-request')
}
