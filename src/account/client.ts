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

export function parseClient(ip: string, userAgent: string): Client {
  return { network: parseNetwork(ip), device: parseDevice(userAgent) }
}

/** The address itself for IPv4 (also when mapped into IPv6), the first 64 bits for IPv6. */
export function parseNetwork(ip: string): string {
  const bare = ip.trim().toLowerCase()
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(bare)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare)) return bare
  const groups = expandIPv6(bare)
  return groups === null ? 'unknown' : `${groups.slice(0, 4).join(':')}::/64`
}

export function parseDevice(userAgent: string): Device {
  return {
    browser: browsers.find((browser) => browserSigns[browser].test(userAgent)) ?? null,
    system: systems.find((system) => systemSigns[system].test(userAgent)) ?? null,
  }
}

/** Asked in the order of the list: nearly every browser also calls itself Safari. */
const browserSigns: Record<(typeof browsers)[number], RegExp> = {
  Edge: /\bEdg(?:e|A|iOS)?\//,
  Opera: /\bOPR\//,
  'Samsung Internet': /\bSamsungBrowser\//,
  Firefox: /\b(?:Firefox|FxiOS)\//,
  Chrome: /\b(?:Chrome|CriOS)\//,
  Safari: /\bVersion\/[\d.]+.*\bSafari\//,
}

const systemSigns: Record<(typeof systems)[number], RegExp> = {
  Android: /\bAndroid\b/,
  iOS: /\b(?:iPhone|iPad|iPod)\b/,
  Windows: /\bWindows NT\b/,
  ChromeOS: /\bCrOS\b/,
  macOS: /\bMacintosh\b/,
  Linux: /\bLinux\b/,
}

/** RFC 4291 §2.2: eight groups of up to four hexadecimal digits, one run of zeros cut out as `::`. */
function expandIPv6(text: string): string[] | null {
  const url = URL.parse(`http://[${text.replace(/%.*$/, '')}]/`)
  if (url === null) return null
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  if (tail === undefined) return groups(head)
  const gap = 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(gap).fill('0'), ...groups(tail)]
}
