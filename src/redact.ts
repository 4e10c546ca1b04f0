/**
 * Keeps what was said in confidence out of what is written down: log lines,
 * reports to the operator, replies of mail servers (ASVS 5.0 §16.2.5).
 *
 * By value, where the values are known: what a request or a mail held is taken
 * out, whatever it looks like. By shape besides, for what nobody could know of.
 */

/** In characters. Within words, a shorter secret would blot out ordinary ones: it is looked for as a word. */
const WITHIN_WORDS = 4
/** In characters. A shorter quote from a secret gives nothing away. */
const QUOTE_MIN = 12

const PIECE = new RegExp(
  `[\\p{L}\\p{N}][^\\s:<>"',;()[\\]]{${QUOTE_MIN - 2},}[\\p{L}\\p{N}=]`,
  'gu',
)

/** The text, with each of the secrets and every longer quote from one of them replaced by `[redacted]`. */
export function redact(text: string, secrets: readonly string[]): string {
  return createRedact(secrets)(text)
}

/** `redact` for many texts and the same secrets: how each may be written is found out once. */
export function createRedact(secrets: readonly string[]): (text: string) => string {
  const known = secrets.map((secret) => ({ secret, forms: once(() => writtenForms(secret)) }))
  const isQuote = (piece: string) => secrets.some((secret) => secret.includes(piece))
  return function redact(text) {
    return patternsFor(text, known)
      .reduce((redacted, pattern) => redacted.replace(pattern, '[redacted]'), text)
      .replace(PIECE, (piece) => (isQuote(piece) ? '[redacted]' : piece))
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

interface Known {
  secret: string
  forms: () => readonly Form[]
}

/** A way in which a secret may be written. */
interface Form {
  text: string
  folded: string
}

/** For what stands in the text, the longest first. A request may hold thousands of short values: one pattern is for all of them. */
function patternsFor(text: string, known: readonly Known[]): RegExp[] {
  const folded = fold(text)
  const forms = fitting(known, text)
    .flatMap((each) => each.forms())
    // Most texts hold no secret: that is seen sooner than a pattern is made.
    .filter((form) => folded.includes(form.folded))
  const found = [...new Set(forms.map((form) => form.text))].sort((a, b) => b.length - a.length)
  const long = found.filter(({ length }) => length >= WITHIN_WORDS)
  const short = found.slice(long.length)
  return [...long.map(literal), ...(short.length === 0 ? [] : [asWords(short)])]
}

/** NFC makes at most one character of four (UAX #15): a whole mail fits no reply in any form. */
const NFC_MOST = 4

/** Those that may stand in the text in one of their forms, which are costly to make of a whole mail. */
function fitting(known: readonly Known[], text: string): Known[] {
  return known.filter(({ secret }) => secret.trim().length <= NFC_MOST * text.length)
}

/** Alike for all that patterns in any case take for alike (ECMA-262, Canonicalize), with `u` and without. */
function fold(text: string): string {
  return text.toLowerCase().toUpperCase()
}

/** As it was sent, as we hand it on, and as URLs and JSON have it. */
function writtenForms(secret: string): Form[] {
  const text = secret.toWellFormed()
  const forms = new Set([
    ...[secret, secret.trim(), text.normalize('NFC'), text.normalize('NFD')],
    ...[encodeURIComponent(text), JSON.stringify(text).slice(1, -1)],
  ])
  forms.delete('')
  return [...forms].map((form) => ({ text: form, folded: fold(form) }))
}

/** In any case: servers lower-case the addresses that they refuse. */
function literal(secret: string): RegExp {
  return new RegExp(escape(secret), 'gi')
}

function asWords(secrets: readonly string[]): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${secrets.map(escape).join('|')})(?![\\p{L}\\p{N}])`,
    'giu',
  )
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** In characters. */
const TEXT_MAX = 2000

/**
 * Whatever an error quotes: none of the secrets, and nothing that looks like a
 * token, a hash or an address leaves in a mail or a log line.
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  return withoutAddresses(redact(text, secrets))
    .replace(/\$[a-z0-9-]+\$[^\s"']+/gi, '[hash]')
    .replace(/(?=[\w.~+/=-]*\d)[\w.~+=-]{20,}/g, '[secret]')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
    .slice(0, TEXT_MAX) // last, or it would leave half of one that nothing knows any more
}

/** What looks like an address, whoever's it is: mail servers name those that mail is passed on to. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s@"'<>]+@[^\s@"'<>]+/g, '[address]')
}

/** What a log line says of something thrown. */
export function describeFailure(thrown: unknown, secrets: readonly string[] = []) {
  const { name, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown))
  return {
    error: name,
    message: withoutSecrets(message, secrets),
    stack: withoutSecrets(stack, secrets),
  }
}
