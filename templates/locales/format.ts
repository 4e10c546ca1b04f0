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
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
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
