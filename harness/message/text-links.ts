/**
 * Addresses in running text (RFC 3986 appendix C): in angle brackets they may be
 * broken over lines; without, the punctuation of the sentence is not theirs.
 */

/** Links of plain text, each once, in order. */
export function textLinks(text: string): string[] {
  const found: { at: number; href: string }[] = []
  const rest = text.replace(delimited, (whole, inside: string, at: number) => {
    const href = inside.replace(/\s+/g, '').replace(/^URL:/i, '')
    if (!link.test(href)) return whole
    found.push({ at, href })
    return ' '.repeat(whole.length)
  })
  for (const match of rest.matchAll(running)) {
    const href = trim(withoutEmphasis(match[0], rest[match.index - 1]))
    if (link.test(href)) found.push({ at: match.index, href })
  }
  return [...new Set(found.sort((a, b) => a.at - b.at).map(({ href }) => href))]
}

/** `<…>` with an address in it, over at most a few lines. */
const delimited = /<((?:URL:)?\s*[a-z][a-z0-9+.-]*:[^<>]{1,2000})>/gi

const link = /^(?:[a-z][a-z0-9+.-]*:\/\/.|mailto:[^\s@]+@|tel:[+\d])/i

/**
 * Letters of other scripts belong to an address, as people do write them so; the scripts
 * that put no space between words end it, unless they are in the host's name.
 */
const running =
  /(?<![a-z0-9+-])(?:[a-z][a-z0-9+.-]*:\/\/(?:[^\s<>"“”„‹›«»/?#]*)(?:[/?#](?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef])[^\s<>"“”„‹›«»])*)?|mailto:[^\s<>"]+|tel:[+\d().-]+)/giu

/** Marks such as `_` may end a token, so they are cut only where the same mark stands before the address. */
function withoutEmphasis(address: string, before: string | undefined) {
  const end = address.search(/[*_~`][*_~`.,;:!?]*$/)
  return end > 0 && address[end] === before ? address.slice(0, end) : address
}

/** Cuts what the sentence put behind the address: full stops, quotes, brackets that it did not open. */
function trim(address: string): string {
  const last = address.at(-1) ?? ''
  const opening = pairs[last]
  if (/[.,;:!?'"’…。、，．！？]/u.test(last)) return trim(address.slice(0, -1))
  if (opening === undefined || count(address, opening) >= count(address, last)) return address
  return trim(address.slice(0, -1))
}

const pairs: Record<string, string> = {
  ')': '(',
  ']': '[',
  '}': '{',
  '」': '「',
  '）': '（',
}

function count(text: string, character: string) {
  return text.split(character).length - 1
}
