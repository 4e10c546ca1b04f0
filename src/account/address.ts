/**
 * Email addresses, parsed once at the door.
 *
 * An `EmailAddress` can only come from `parseAddress`, so whoever holds one
 * holds exactly one mailbox: no list, no display name, no control character,
 * nothing that SMTP or a header could read as a second thing.
 */

declare const parsed: unique symbol

export interface EmailAddress {
  readonly [parsed]: true
  /** As it was typed, trimmed and in NFC. What people are shown. */
  readonly typed: string
  /** What makes two addresses one account: local part lower-cased, domain lower-cased in punycode. */
  readonly key: string
  /** What goes into an envelope: local part as typed, domain in punycode (RFC 5321 §4.1.2). */
  readonly mailbox: string
}

/** RFC 5321 §4.5.3.1.1, in octets. */
const LOCAL_PART_MAX = 64
/** RFC 5321 §4.5.3.1.3 allows a path 256 octets, its two angle brackets included. */
const MAILBOX_MAX = 254
/** In UTF-16 units: NFC makes at most one of four (UAX #15). It takes the square of their number, so longer is refused unread. */
const LONGEST_FORM = 4 * MAILBOX_MAX

/** RFC 5321 §4.1.2 Dot-string, widened by RFC 6531 §3.3 to any letter beyond ASCII. Quoted strings are not taken. */
const LOCAL_PART =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
/** What may stand in a domain before IDNA maps it: letters, marks, digits, hyphens, dots (also the ideographic ones). */
const DOMAIN_BEFORE_IDNA = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u
/** RFC 5321 §4.1.2: labels of letters, digits and inner hyphens, at least two of them, at most 63 octets each. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Parses what somebody typed into a form as their address; null when it is not one.
 *
 * @example
 * parseAddress(' Ana@Exämple.com ')?.key // 'ana@xn--exmple-cua.com'
 * parseAddress('a@example.com, b@example.com') // null
 */
export function parseAddress(input: string): EmailAddress | null {
  const bare = input.trim()
  if (bare.length > LONGEST_FORM) return null
  const typed = bare.normalize('NFC')
  if (typed.length > MAILBOX_MAX) return null
  const at = typed.lastIndexOf('@')
  const local = typed.slice(0, Math.max(at, 0))
  const domain = toAsciiDomain(typed.slice(at + 1))
  if (domain === null || !LOCAL_PART.test(local)) return null
  const mailbox = `${local}@${domain}`
  if (octets(local) > LOCAL_PART_MAX || octets(mailbox) > MAILBOX_MAX) return null
  return {
    typed,
    key: `${local.toLowerCase()}@${domain}`.normalize('NFC'),
    mailbox,
  } as EmailAddress
}

/** Whether a mailbox can be named to a server without SMTPUTF8 (RFC 6531 §3.2). */
export function isAsciiMailbox({ mailbox }: EmailAddress): boolean {
  return /^[\x21-\x7e]+$/.test(mailbox)
}

/**
 * Lower-cases a domain, maps it to punycode (UTS 46, by the URL parser that
 * every runtime has) and drops one trailing dot; null when it is not a domain
 * name. Numbers that the URL parser would read as an IPv4 address are refused.
 */
function toAsciiDomain(domain: string): string | null {
  if (!DOMAIN_BEFORE_IDNA.test(domain)) return null
  const url = URL.parse(`http://${domain}/`)
  if (url === null) return null
  const ascii = url.hostname.replace(/\.$/, '')
  return DOMAIN.test(ascii) && !/(?:^|\.)[0-9]+$/.test(ascii) ? ascii : null
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
