/**
 * Header fields of a message, encoded and folded (RFC 5322 §2.2.3, RFC 2047).
 * Our own, because the kept libraries that do it (nodemailer, libmime) need
 * Node's Buffer and tables of 90 KB; the tests hold it against their decoders.
 */

/** In characters, without CR LF (RFC 5322 §2.1.1). */
const LINE_MAX = 78
/** In octets: 75 characters for an encoded-word (RFC 2047 §2), less `=?UTF-8?B?` and `?=`, of which base64 carries 3 in 4. */
const WORD_OCTETS_MAX = 45

/** Printable ASCII, and nothing that a reader would decode. */
const PLAIN = /^(?!.*=\?)[\x20-\x7e]*$/
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
  const words =
    PLAIN.test(text) && text === text.trim() ? text.split(/(?<=\S) (?=\S)/) : encodedWords(text)
  return fold(name, words)
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
  if (PLAIN.test(text) && text.length <= WORD_OCTETS_MAX) return [quote(text)]
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
function fold(name: string, words: readonly string[]): string {
  let line = `${name}:`
  let folded = ''
  for (const word of words) {
    const fits = `${line} ${word}`.length <= LINE_MAX || line === ''
    folded += fits ? ` ${word}` : `\r\n ${word}`
    line = fits ? `${line} ${word}` : ` ${word}`
  }
  return folded.slice(1)
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
