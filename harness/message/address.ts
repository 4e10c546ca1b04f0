import type { Address as ParsedAddress } from 'postal-mime'

export interface Address {
  /** Display name, decoded; empty when there is none. */
  name: string
  address: string
}

/** Mailboxes, with the members of groups in place of the groups (RFC 5322 §3.4). */
export function flatten(parsed: ParsedAddress | ParsedAddress[] | undefined): Address[] {
  if (parsed === undefined) return []
  if (Array.isArray(parsed)) return parsed.flatMap(flatten)
  if (parsed.group !== undefined) return flatten(parsed.group)
  return [{ name: parsed.name, address: parsed.address }]
}

/** `Name <address>`, or the address alone. */
export function formatAddress({ name, address }: Address) {
  return name === '' ? address : `${name} <${address}>`
}
