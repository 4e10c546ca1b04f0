/**
 * Who may ask. A web page that the developer happens to visit must not read mail,
 * neither by guessing the port nor by pointing its own name at it (DNS rebinding).
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'

/** What a request says about where it comes from; header names in lower case. */
export type RequestHeaders = (name: string) => string | undefined

export interface GuardOptions {
  /** Names that may stand in `Host`, besides addresses and localhost. */
  hosts: readonly string[]
  /** `user:password`. */
  auth: string | undefined
}

export interface Refusal {
  status: 401 | 403
  reason: string
}

/** Why a request is refused; undefined when it may pass. */
export function refusal(
  method: string,
  header: RequestHeaders,
  { hosts, auth }: GuardOptions,
): Refusal | undefined {
  const host = header('host') ?? ''
  if (!isAllowedHost(host, hosts)) return forbidden(`Host "${host}" is not allowed`)
  const origin = header('origin')
  if (origin !== undefined && origin !== `http://${host}`) {
    return forbidden(`Origin "${origin}" is not allowed`)
  }
  if (isCrossSite(method, header)) return forbidden('Requests from other sites are not allowed')
  if (auth !== undefined && !isAuthorized(header('authorization'), auth)) {
    return { status: 401, reason: 'Unauthorised.' }
  }
  return undefined
}

function forbidden(reason: string): Refusal {
  return { status: 403, reason }
}

/** Rebinding needs a name of the attacker's; an address is nobody's name, and `localhost` is ours (RFC 6761 §6.3). */
function isAllowedHost(host: string, names: readonly string[]) {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const bare = name.replace(/^\[(.*)\]$/, '$1')
  return (
    isIP(bare) !== 0 || name === 'localhost' || name.endsWith('.localhost') || names.includes(name)
  )
}

/** A link on another site may lead here, as that shows nothing to it. */
function isCrossSite(method: string, header: RequestHeaders) {
  const site = header('sec-fetch-site')
  const isVisit = method === 'GET' && header('sec-fetch-mode') === 'navigate'
  return (site === 'cross-site' || site === 'same-site') && !isVisit
}

function isAuthorized(given: string | undefined, expected: string) {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(given ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(Buffer.from(encoded, 'base64')), digest(Buffer.from(expected)))
}

function digest(bytes: Buffer) {
  return createHash('sha256').update(bytes).digest()
}
