/**
 * Times and durations in the reader's words, by `Intl`.
 */
import type { Locale } from './index.ts'

/** Seconds as people say them: "30 minutes", "2 hours", "45 seconds". */
export function formatDuration(seconds: number, locale: Locale): string {
  const [value, unit] =
    seconds >= 7200 && seconds % 3600 === 0
      ? [seconds / 3600, 'hour']
      : seconds >= 60
        ? [Math.ceil(seconds / 60), 'minute']
        : [seconds, 'second']
  return durationFormat(locale, unit).format(value)
}

const durationFormats = new Map<string, Intl.NumberFormat>()

/** Kept: making one takes longer than writing the rest of a mail. */
function durationFormat(locale: Locale, unit: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`
  const format =
    durationFormats.get(key) ??
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
  durationFormats.set(key, format)
  return format
}

/** Unix seconds as a date and a time, in UTC and said so: where the reader is, nobody knows. */
export function formatTime(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
    .format(new Date(at * 1000))
    .concat(' UTC')
}

const units = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const

/** How long ago, in seconds, as people say it: "now", "5 minutes ago", "yesterday". */
export function formatAgo(seconds: number, locale: Locale): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const coarsest = units.find((unit) => seconds >= unit.seconds)
  if (coarsest === undefined) return format.format(0, 'second')
  return format.format(-Math.floor(seconds / coarsest.seconds), coarsest.unit)
}
