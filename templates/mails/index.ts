/**
 * The mails: text first, HTML second, the same link in both.
 */
import { wordsOf, type Locale, type Words } from '../locales/index.ts'
import { formatDuration, formatTime } from '../locales/format.ts'
import type { Color } from '../parts/contrast.ts'
import { MailDocument, type MailDocumentProps } from './document.tsx'

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
  appColor: Color
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

/** A paragraph, a link that stands alone on its line, or lines to be kept as they are. */
export type MailBlock = { text: string } | { url: string; button: string } | { lines: string }

/** How a mail is written; an app may bring its own. Whatever writes it, the link has to be in both parts. */
export type RenderMail = (content: MailContent, frame: MailFrame) => RenderedMail

export function renderMail(content: MailContent, frame: MailFrame): RenderedMail {
  const t = wordsOf(frame.locale)
  const { appName, appColor, address, locale } = frame
  const subject = subjectOf(content, frame, t)
  const blocks = [{ text: t.mails.greeting }, ...blocksOf(content, frame, t)]
  const footer = t.mails.footer(appName, address)
  const html = renderHtml({
    ...{ subject, preheader: preheaderOf(blocks), blocks, footer },
    ...{ appName, appColor, locale, direction: t.direction },
  })
  return { subject, text: renderText(blocks, footer), html }
}

function subjectOf(content: MailContent, { appName }: MailFrame, t: Words): string {
  return content.kind === 'test'
    ? t.mails.test.subject(appName)
    : t.mails[content.kind].subject(appName)
}

/** What an inbox shows beside the subject: not the greeting, and not what the subject says already. */
function preheaderOf(blocks: readonly MailBlock[]): string {
  const texts = blocks.flatMap((block) => ('text' in block ? [block.text] : []))
  return texts.slice(2).join(' ') || texts.slice(1).join(' ')
}

function blocksOf(content: MailContent, frame: MailFrame, t: Words): MailBlock[] {
  const { appName } = frame
  switch (content.kind) {
    case 'reset':
    case 'register':
      return linkBlocks(content, frame, t)
    case 'has-account': {
      const words = t.mails['has-account']
      return [
        { text: words.lead(appName) },
        { url: content.resetUrl, button: words.button },
        { text: words.notYou },
        ...fromDevice(content.device, t, t.mails.askedFrom),
      ]
    }
    case 'password-changed':
      return changedBlocks(content, frame, t)
    case 'error-report':
      return [{ text: t.mails['error-report'].lead }, { lines: content.detail }]
    case 'test':
      return [{ text: t.mails.test.lead(appName) }]
  }
}

type ContentOf<Kind> = Extract<MailContent, { kind: Kind }>

function linkBlocks(
  { kind, url, ttl, device }: ContentOf<'reset' | 'register'>,
  { appName, locale }: MailFrame,
  t: Words,
): MailBlock[] {
  const words = t.mails[kind]
  return [
    { text: words.lead(appName) },
    { url, button: words.button },
    { text: words.expiry(formatDuration(ttl, locale)) },
    { text: words.notYou },
    ...fromDevice(device, t, t.mails.askedFrom),
  ]
}

function changedBlocks(
  { at, resetUrl, device }: ContentOf<'password-changed'>,
  { appName, locale }: MailFrame,
  t: Words,
): MailBlock[] {
  const words = t.mails['password-changed']
  return [
    { text: words.lead(appName, formatTime(at, locale)) },
    ...fromDevice(device, t, t.mails.doneFrom),
    { text: words.ifYou },
    { text: words.notYou },
    { url: resetUrl, button: words.button },
  ]
}

function fromDevice(
  { browser, system }: MailDevice,
  t: Words,
  words: (device: string) => string,
): MailBlock[] {
  const device = browser && system ? t.mails.device(browser, system) : (browser ?? system)
  return device === null ? [] : [{ text: words(device) }]
}

function renderText(blocks: readonly MailBlock[], footer: string): string {
  const paragraphs = blocks.map((block) => {
    if ('url' in block) return block.url
    return 'text' in block ? block.text : block.lines
  })
  return `${[...paragraphs, `-- \n${footer}`].join('\n\n')}\n`
}

function renderHtml(props: MailDocumentProps): string {
  const markup = MailDocument(props)
  if (markup instanceof Promise)
    throw new TypeError('Cannot render a mail that waits for something')
  return `<!doctype html>${markup.toString()}`
}
