/**
 * A post to a mailed link, of either kind: it is counted and looked up before anything
 * else, and looked at again before its hash.
 */
import type { Client } from './client.ts'
import type { Admission } from './limits.ts'
import type { Services } from './services.ts'

export interface LinkPost {
  token: string
  client: Client
}

/** Somebody is counted out, or the link is dead. */
export type RefusedEntry = Extract<Admission, { ok: false }> | { ok: false; reason: 'dead-link' }

/** A post whose link was good. */
export interface EnteredLink {
  token: string
  /** `passwords.hashed`, read before the link was looked up. */
  hashedBefore: number
}

/** Somebody tried to use a link that is dead: kept for whoever looks into it later. */
export async function refuseLink({ audit, clock }: Services, client: Client) {
  const at = clock()
  await audit.add({ event: 'link-refused', accountId: null, address: null, client, at })
  return { ok: false, reason: 'dead-link' } as const
}

/**
 * The hash for a link that is still open once it is our turn; else null. While we waited,
 * for the turn or for anything else, another post may have used it; when nothing was
 * hashed since the link was looked up, none here has.
 */
export async function hashIfStillOpen(
  { passwords }: Services,
  { password, hashedBefore }: { password: string; hashedBefore: number },
  isStillOpen: () => Promise<boolean>,
): Promise<string | null> {
  using turn = await passwords.turn()
  const stillOpen = passwords.hashed === hashedBefore || (await isStillOpen())
  return stillOpen ? turn.hash(password) : null
}
