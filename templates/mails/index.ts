/**
 * The mails: text first, HTML second, the same link in both.
 */
import { wordsOf, type Locale, type Words } from '../locales/index.ts'
import { formatDuration, formatTime } from '../locales/format.ts'
import { MailDocument } from './document.tsx'

/** What a mail is about, and what it has to say. */
export type MailContent =
  | { kind: 'reset' | 'register'; url: string; /** In seconds. */ ttl: number; device: MailDevice }
  | { kind: 'has-account'; resetUrl: string; device: MailDevice }
  | {
      kind: 'password-changed'
      /** Unix seconds. */ at: number
      resetUrl: string
      device: MailDevice
    }
  | { kind: 'error-report'; detail: string }
  | { kind: 'test' }

/** From closed lists, never text that a stranger sent. */
export interface MailDevice {
  browser: string | null
  system: string | null
}

export interface MailFrame {
  appName: string
  /** Whose account this is about. */
  address: string
  locale: Locale
  homeUrl: string
}

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

/** A paragraph, or a link that stands alone on its line. */
export type MailBlock = { text: string } | { url: string; button: string }

export function renderMail(content: MailContent, frame: MailFrame): RenderedMail {
  const t = wordsOf(frame.locale)
  const subject = subjectOf(content, frame, t)
  const blocks = [{ text: t.mails.greeting }, ...blocksOf(content, frame, t)]
  const footer = t.mails.footer(frame.appName, frame.address)
  const html = String(
    MailDocument({ subject, blocks, footer, locale: frame.locale, direction: t.direction }),
  )
  return { subject, text: renderText(blocks, footer), html: `<!doctype html>${html}` }
}

function subjectOf(content: MailContent, { appName }: MailFrame, t: Words): string {
  return content.kind === 'test'
    ? t.mails.test.subject(appName)
    : t.mails[content.kind].subject(appName)
}

function blocksOf(content: MailContent, { appName, locale }: MailFrame, t: Words): MailBlock[] {
  switch (content.kind) {
    case 'reset':
    case 'register': {
      const words = t.mails[content.kind]
      return [
        { text: words.lead(appName) },
        { url: content.url, button: words.button },
        { text: words.expiry(formatDuration(content.ttl, locale)) },
        ...askedFrom(content.device, t),
        { text: t.mails.ignore },
      ]
    }
    case 'has-account':
      return [
        { text: t.mails['has-account'].lead(appName) },
        { url: content.resetUrl, button: t.mails['has-account'].button },
        ...askedFrom(content.device, t),
        { text: t.mails.ignore },
      ]
    case 'password-changed': {
      const words = t.mails['password-changed']
      return [
        { text: words.lead(appName, formatTime(content.at, locale)) },
        { text: words.notYou },
        { url: content.resetUrl, button: words.button },
      ]
    }
    case 'error-report':
      return [{ text: t.mails['error-report'].lead }, { text: content.detail }]
    case 'test':
      return [{ text: t.mails.test.lead(appName) }]
  }
}

function askedFrom({ browser, system }: MailDevice, t: Words): MailBlock[] {
  const device = browser && system ? t.mails.device(browser, system) : (browser ?? system)
  return device === null ? [] : [{ text: t.mails.askedFrom(device) }]
}

function renderText(blocks: readonly MailBlock[], footer: string): string {
  const paragraphs = blocks.map((block) => ('url' in block ? block.url : block.text))
  return `${[...paragraphs, `-- \n${footer}`].join('\n\n')}\n`
}
