/**
 * A date as people write it in a search, in milliseconds since 1970; undefined
 * when it is none. Without a zone of its own it is read in `zone`, else in ours.
 */
export function momentOf(text: string, zone?: string): number | undefined {
  const plain = text.trim().replace(/[/.]/g, '-').toUpperCase()
  const [, day, clock = '00:00:00'] =
    /^(\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(plain) ?? []
  if (day === undefined) return finite(Date.parse(text.toUpperCase()))
  const asUtc = finite(Date.parse(`${padded(day)}T${clock.padStart(5, '0')}Z`))
  return asUtc === undefined ? undefined : asUtc - offset(asUtc, zone)
}

function padded(day: string) {
  return day.replace(/-(\d)(?=-|$)/g, '-0$1')
}

function finite(time: number) {
  return Number.isNaN(time) ? undefined : time
}

/** How far a zone is ahead of UTC at that wall-clock time. In milliseconds. */
function offset(asUtc: number, zone: string | undefined): number {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', { ...format, ...(zone && { timeZone: zone }) })
    const wall = parts.format(new Date(asUtc)).replace(', ', 'T').replace('T24', 'T00')
    return Date.parse(`${wall}Z`) - asUtc
  } catch (error) {
    if (error instanceof RangeError) return offset(asUtc, undefined)
    throw error
  }
}

const format = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
} as const
