/**
 * Asks for each link by HEAD, which changes nothing on a server that keeps to
 * HTTP (RFC 9110 §9.2.1).
 */
import type { Link } from '../../message/links.ts'

/** At once, and in all: what Mailpit does. */
const AT_ONCE = 5
const MAX_LINKS = 100
/** In milliseconds. */
const TIMEOUT = 10_000

interface Checked {
  URL: string
  StatusCode: number
  Status: string
}

export async function checkLinks(links: Link[], follow: boolean) {
  const addresses = [...new Set(links.map(({ href }) => href))].filter((href) =>
    /^https?:/i.test(href),
  )
  const queue = addresses.slice(0, MAX_LINKS)
  const Links: Checked[] = []
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      Links.push(await check(next, follow))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const Errors = Links.filter(({ StatusCode }) => StatusCode < 200 || StatusCode >= 400).length
  return { Errors, Links: Links.sort((a, b) => a.URL.localeCompare(b.URL)) }
}

async function check(address: string, follow: boolean): Promise<Checked> {
  try {
    const response = await fetch(address, {
      method: 'HEAD',
      redirect: follow ? 'follow' : 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    return { URL: address, StatusCode: response.status, Status: response.statusText }
  } catch (error) {
    return { URL: address, StatusCode: 0, Status: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
