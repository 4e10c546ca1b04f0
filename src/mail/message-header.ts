/**
 * Header fields of a message, encoded and folded (RFC 5322 §2.2.3, RFC 2047).
 * Our own, because the kept libraries that do it (nodemailer, libmime) need
 * Node's Buffer and tables of 90 KB; the tests hold it against what readers decode.
 */

/** In characters, without CR LF (RFC 5322 §2.1.1). */
const LINE_MAX = 78
/**
 * In octets, of which base64 carries 3 in 4, between `=?UTF-8?B?` and `?=`: 64
 * characters, where an encoded-word may have 75, so that it also fits behind
 * `Subject: ` in the 76 of its line (RFC 2047 §2).
 */
const WORD_OCTETS_MAX = 39
/** In characters. Longer words are encoded, since that cuts them. */
const PLAIN_WORD_MAX = 64

/** Printable ASCII in words that fit a line, and nothing that a reader would decode or trim. */
const PLAIN = new RegExp(`^(?!.*=\\?|.*[!-~]{${PLAIN_WORD_MAX + 1}})[!-~]+(?: [!-~]+)*$`)
/** RFC 5322 §3.2.3, with spaces between atoms. */
const ATOMS = /^[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*$/
/** What would end a header field or hide a part of it: controls, and the line separators of Unicode. */
const UNSAFE = /[\p{Cc}\u2028\u2029]/u

/** Whether `text` can stand in a header field: it has no CR, LF, NUL or other control character. */
export function isHeaderText(text: string): boolean {
  return !UNSAFE.test(text) && text.isWellFormed()
}

/**
 * Encodes an unstructured field body, such as a subject.
 *
 * @example
 * encodeText('Subject', 'Neues Passwort für José') // '=?UTF-8?B?TmV1ZXMgUGFzc3dvcnQgZsO8ciBKb3PDqQ==?='
 */
export function encodeText(name: string, text: string): string {
  return fold(name, PLAIN.test(text) ? text.split(' ') : encodedWords(text))
}

/**
 * Encodes a mailbox with an optional name (RFC 5322 §3.4): as atoms, as a
 * quoted string, or as encoded-words, which must not stand in quotes
 * (RFC 2047 §5).
 */
export function encodeMailbox(name: string, mailbox: string, displayName = ''): string {
  if (displayName === '') return mailbox
  return fold(name, [...encodePhrase(displayName), `<${mailbox}>`])
}

/** RFC 5322 §3.3; never `GMT`, which §4.3 keeps for readers only. */
export function encodeDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

function encodePhrase(text: string): string[] {
  if (ATOMS.test(text) && PLAIN.test(text)) return text.split(' ')
  if (PLAIN.test(text) && text.length <= PLAIN_WORD_MAX) return [quote(text)]
  return encodedWords(text)
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** Words of 75 characters at most, none of which ends inside a character (RFC 2047 §5). */
function encodedWords(text: string): string[] {
  const chunks = ['']
  for (const character of text) {
    const longer = (chunks.at(-1) ?? '') + character
    if (octetsOf(longer).length <= WORD_OCTETS_MAX) chunks[chunks.length - 1] = longer
    else chunks.push(character)
  }
  return chunks.map((chunk) => `=?UTF-8?B?${btoa(String.fromCharCode(...octetsOf(chunk)))}?=`)
}

/** Joins words by a space, or by a fold where the line would get too long. */
function fold(name: string, [first = '', ...others]: readonly string[]): string {
  let folded = first
  let length = `${name}: ${first}`.length
  for (const word of others) {
    const fits = length + 1 + word.length <= LINE_MAX
    folded += fits ? ` ${word}` : `\r\n ${word}`
    length = (fits ? length : 0) + 1 + word.length
  }
  return folded
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
