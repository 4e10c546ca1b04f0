/**
 * Links of a message, read out by an HTML parser and by the rules of plain text.
 * Nothing is fetched, nothing is normalised: a link is what a click would open.
 */
import type { Element } from 'domhandler'
import { elementsOf } from './dom.ts'
import type { Message } from './message.ts'
import { textLinks } from './text-links.ts'
import { textOfNodes } from './visible-text.ts'

export interface Link {
  href: string
  /** What the reader sees; the address itself in plain text. */
  text: string
  /** The parts that hold it. */
  parts: ('html' | 'text')[]
  /** The words show an address on another host than the link opens. */
  deceptive: boolean
}

/** Says what was looked for, and lists every link there is. */
export class LinkError extends Error {
  override name = 'LinkError'
  readonly links: Link[]

  constructor(problem: string, links: Link[]) {
    const list = links.map(({ href, text }) => `\n  ${text === href ? '' : `"${text}" `}${href}`)
    super(
      `${problem}${links.length === 0 ? ': the message has no links' : `. Its links:${list.join('')}`}`,
    )
    this.links = links
  }
}

type Body = Pick<Message, 'html' | 'text'>

export function findLinks({ html, text }: Body): Link[] {
  const links = htmlLinks(html)
  for (const href of textLinks(text)) addTextLink(links, href)
  return links
}

export function chooseLink(message: Pick<Message, 'links'>, wanted?: string | RegExp): string {
  const { links } = message
  const fitting = wanted === undefined ? links.filter(isWeb) : fittingLinks(links, wanted)
  const [first, ...others] = [...new Set(fitting.map(({ href }) => href))]
  if (first === undefined) throw new LinkError(`No link ${describe(wanted)}`, links)
  if (others.length > 0) throw new LinkError(`More than one link ${describe(wanted)}`, links)
  return first
}

/** The best kind of fit wins: the exact words, then the address, then some of the words. */
function fittingLinks(links: Link[], wanted: string | RegExp): Link[] {
  if (wanted instanceof RegExp) return links.filter(({ href, text }) => fits(wanted, href, text))
  const words = wanted.toLowerCase()
  const kinds = [
    links.filter(({ text }) => text.toLowerCase() === words),
    links.filter(({ href }) => href.includes(wanted)),
    links.filter(({ text }) => text.toLowerCase().includes(words)),
  ]
  return kinds.find((kind) => kind.length > 0) ?? []
}

function fits(pattern: RegExp, ...texts: string[]) {
  return texts.some((text) => text.search(pattern) >= 0)
}

function describe(wanted: string | RegExp | undefined) {
  return wanted === undefined ? 'to the web' : `for ${JSON.stringify(String(wanted))}`
}

function isWeb({ href }: Link) {
  return /^https?:/i.test(href)
}

function addTextLink(links: Link[], href: string) {
  const known = links.filter((link) => link.href === href)
  for (const link of known) if (!link.parts.includes('text')) link.parts.push('text')
  if (known.length === 0) links.push({ href, text: href, parts: ['text'], deceptive: false })
}

function htmlLinks(html: string): Link[] {
  if (html === '') return []
  const elements = elementsOf(html)
  const base = elements.find(({ name }) => name === 'base')?.attribs.href
  return elements.flatMap((element) => {
    const href = cleanHref(hrefOf(element) ?? '')
    return href === '' ? [] : [htmlLink(element, resolve(href, base))]
  })
}

function htmlLink(element: Element, href: string): Link {
  const text = wordsOf(element)
  return { href, text, parts: ['html'], deceptive: isDeceptive(text, href) }
}

function hrefOf({ name, attribs }: Element) {
  if (name === 'a' || name === 'area') return attribs.href
  if (name === 'form') return attribs.action
  return name === 'button' || name === 'input' ? attribs.formaction : undefined
}

/** What a browser drops before it opens a link; an anchor within the page or a script is no link. */
function cleanHref(value: string) {
  const href = value.replace(/[\t\r\n]/g, '').trim()
  return href.startsWith('#') || /^javascript:/i.test(href) ? '' : href
}

function resolve(href: string, base: string | undefined) {
  if (base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(href)) return href
  return URL.parse(href, base)?.href ?? href
}

/** A form's words are those of its buttons, which come by themselves. */
function wordsOf(element: Element) {
  if (element.name === 'form') return ''
  const { alt, title, value } = element.attribs
  const spoken = textOfNodes(element.children).replaceAll('\n', ' ')
  return spoken === '' ? (element.attribs['aria-label'] ?? alt ?? title ?? value ?? '') : spoken
}

function isDeceptive(text: string, href: string) {
  const shown = /^(?:https?:\/\/)?([\w-]+(?:\.[\w-]+)+)(?:[/:?#]|$)/i.exec(text)?.[1]
  const opened = URL.parse(href)?.hostname
  if (shown === undefined || opened === undefined || opened === '') return false
  return shown.toLowerCase().replace(/^www\./, '') !== opened.toLowerCase().replace(/^www\./, '')
}
