/**
 * Which inbox a message belongs to: by credentials, by envelope recipient, with
 * or without its plus tag.
 */
import { randomInt } from 'node:crypto'
import { Inbox, type InboxHost } from './inbox.ts'

export class Inboxes {
  readonly #host: InboxHost
  readonly #byAddress = new Map<string, Inbox>()
  readonly domain: string

  constructor(host: InboxHost, domain: string) {
    this.#host = host
    this.domain = domain
  }

  get all(): Inbox[] {
    return [...this.#byAddress.values()]
  }

  /** The inbox of this address, of this name at the harness's domain, or a fresh one. */
  open(name?: string): { inbox: Inbox; fresh: boolean } {
    const address = name === undefined ? this.#unused() : this.#addressOf(name)
    const known = this.#byAddress.get(addressKey(address))
    if (known !== undefined) return { inbox: known, fresh: false }
    const inbox = new Inbox(address, this.#host)
    this.#byAddress.set(addressKey(address), inbox)
    return { inbox, fresh: true }
  }

  /** The inbox of an address of the envelope; `name+tag@…` finds `name@…` when nobody asked for the tag. */
  forRecipient(address: string): Inbox | undefined {
    const key = addressKey(address)
    return this.#byAddress.get(key) ?? this.#byAddress.get(key.replace(/\+[^@]*(?=@)/, ''))
  }

  forUser(user: string): Inbox | undefined {
    return this.#byAddress.get(addressKey(user))
  }

  /** Every inbox that a message from this user to these recipients belongs to, each once. */
  owners(user: string | undefined, recipients: readonly string[]): Set<Inbox> {
    const inboxes = [
      user === undefined ? undefined : this.forUser(user),
      ...recipients.map((recipient) => this.forRecipient(recipient)),
    ]
    return new Set(inboxes.filter((inbox) => inbox !== undefined))
  }

  #addressOf(name: string) {
    return name.includes('@') ? name : `${name}@${this.domain}`
  }

  #unused(): string {
    const address = this.#addressOf(
      `${pick(colours)}-${pick(animals)}-${randomInt(36 ** 4).toString(36)}`,
    )
    return this.#byAddress.has(addressKey(address)) ? this.#unused() : address
  }
}

/** Addresses are one when only the case of letters differs; strictly the local part could (RFC 5321 §2.4), but nobody's does. */
export function addressKey(address: string) {
  return address.trim().toLowerCase()
}

function pick(words: readonly string[]) {
  return words[randomInt(words.length)] ?? 'plain'
}

const colours =
  'amber azure coral ivory jade lilac mint olive pearl plum ruby rust sage sand slate teal'.split(
    ' ',
  )
const animals =
  'crane finch fox hare heron lark lynx mole newt otter owl panda robin seal stoat wren'.split(' ')
