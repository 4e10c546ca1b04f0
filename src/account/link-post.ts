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

/** How often a link was used by way of this process: counted when a use begins, and when it is over. */
export interface LinkUses {
  count: number
}

/** A post whose link was good. */
export interface EnteredLink {
  token: string
  /** `linkUses.count`, read before the link was looked up. */
  usesBefore: number
}

/** Somebody tried to use a link that is dead: kept for whoever looks into it later. */
export async function refuseLink({ audit, clock }: Services, client: Client) {
  const at = clock()
  await audit.add({ event: 'link-refused', accountId: null, address: null, client, at })
  return { ok: false, reason: 'dead-link' } as const
}

interface LinkUse extends EnteredLink {
  password: string
  isStillOpen: () => Promise<boolean>
  /** Changes what the link is for, if it still may: it alone decides. */
  claim: (passwordHash: string) => Promise<boolean>
}

/** Hashes first and claims then, so that a Worker killed while hashing burns no link. False when it was used up. */
export async function useLink(services: Services, use: LinkUse): Promise<boolean> {
  const passwordHash = await hashIfStillOpen(services, use)
  if (passwordHash === null) return false
  try {
    return await use.claim(passwordHash)
  } finally {
    services.linkUses.count += 1
  }
}

/**
 * The hash for a link that is still open once it is our turn; else null. Another post may
 * have used it while we waited, for the turn or for anything else: it is looked at
 * again after the one, and after the other when any link was used here meanwhile.
 */
async function hashIfStillOpen(
  { passwords, linkUses }: Services,
  { password, usesBefore, isStillOpen }: LinkUse,
): Promise<string | null> {
  using turn = await passwords.turn()
  const mayBeUsed = turn.waited || linkUses.count !== usesBefore
  if (mayBeUsed && !(await isStillOpen())) return null
  linkUses.count += 1
  return turn.hash(password)
}
