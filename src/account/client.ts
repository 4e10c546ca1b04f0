/**
 * Who is asking, as far as a network address and a user agent can tell.
 */

export interface Client {
  /** An IPv4 address or an IPv6 /64: what one household or one attacker holds. */
  readonly network: string
  /** The browser's family and system, from a closed list: never header text, which would be room for phishing. */
  readonly device: Device
}

export const browsers = [
  'Edge',
  'Opera',
  'Samsung Internet',
  'Firefox',
  'Chrome',
  'Safari',
] as const
export const systems = ['Android', 'iOS', 'Windows', 'ChromeOS', 'macOS', 'Linux'] as const

export interface Device {
  readonly browser: (typeof browsers)[number] | null
  readonly system: (typeof systems)[number] | null
}

/** Reads what is asked for: most pages ask for nothing. */
export function parseClient(ip: string, userAgent: string): Client {
  return {
    get network() {
      return parseNetwork(ip)
    },
    get device() {
      return parseDevice(userAgent)
    },
  }
}

/** The address itself for IPv4 (also when mapped into IPv6), the first 64 bits for IPv6. */
export function parseNetwork(ip: string): string {
  const bare = ip.trim().toLowerCase()
  if (IPV4.test(bare)) return bare
  const groups = expandIPv6(bare)
  if (groups === null) return 'unknown'
  return mappedIPv4(groups) ?? `${groups.slice(0, 4).join(':')}::/64`
}

/** RFC 4291 §2.5.5.2: without this, all of IPv4 would share one /64 where sockets speak both. */
function mappedIPv4(groups: readonly string[]): string | null {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return null
  const bits = groups.slice(6).map((group) => Number.parseInt(group, 16))
  return bits.flatMap((group) => [group >> 8, group & 255]).join('.')
}

/** In characters: more than browsers say of themselves. A header may be 128 KB long, and patterns would take seconds for it. */
const USER_AGENT_MAX = 512

export function parseDevice(userAgent: string): Device {
  const text = userAgent.slice(0, USER_AGENT_MAX)
  return {
    browser: browsers.find((browser) => browserSigns[browser].test(text)) ?? null,
    system: systems.find((system) => systemSigns[system].test(text)) ?? null,
  }
}

/** Asked in the order of the list: nearly every browser also calls itself Safari. */
const browserSigns: Record<(typeof browsers)[number], RegExp> = {
  Edge: /\bEdg(?:e|A|iOS)?\//,
  Opera: /\bOPR\//,
  'Samsung Internet': /\bSamsungBrowser\//,
  Firefox: /\b(?:Firefox|FxiOS)\//,
  Chrome: /\b(?:Chrome|CriOS)\//,
  Safari: /\bVersion\/\d.*\bSafari\//,
}

const systemSigns: Record<(typeof systems)[number], RegExp> = {
  Android: /\bAndroid\b/,
  iOS: /\b(?:iPhone|iPad|iPod)\b/,
  Windows: /\bWindows NT\b/,
  ChromeOS: /\bCrOS\b/,
  macOS: /\bMacintosh\b/,
  Linux: /\bLinux\b/,
}

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/

/** RFC 4291 §2.2: eight groups of up to four hexadecimal digits, one run of zeros cut out as `::`. */
function expandIPv6(text: string): string[] | null {
  const bare = text.replace(/%.*$/, '')
  const url = /^[0-9a-f:.]+$/.test(bare) ? URL.parse(`http://[${bare}]/`) : null
  if (url === null) return null
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  if (tail === undefined) return groups(head)
  const gap = 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(gap).fill('0'), ...groups(tail)]
}
