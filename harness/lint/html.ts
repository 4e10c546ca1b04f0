/** What is wrong with the HTML part: for readers without images, with a screen reader, or in a hurry. */
import type { Element } from 'domhandler'
import { elementsOf } from '../message/dom.ts'
import type { Message } from '../message/message.ts'
import { contrast, styleOf } from './contrast.ts'
import type { Finding } from './finding.ts'

/** WCAG 2.2 success criterion 1.4.3, level AA. */
const MIN_CONTRAST = 4.5

export function lintHtml(message: Message): Finding[] {
  if (message.html === '') return []
  const elements = elementsOf(message.html)
  return [
    ...textPart(message),
    ...message.links.filter(({ deceptive }) => deceptive).map(deceptiveLink),
    ...language(elements),
    ...elements.filter(isUnnamedImage).map(unnamedImage),
    ...elements.flatMap(remoteContent),
    ...elements.flatMap(lowContrast),
  ]
}

function textPart({ text, links }: Message): Finding[] {
  if (text.trim() === '') return [{ rule: 'missing-text', detail: 'HTML without a text part' }]
  return links
    .filter(({ href, parts }) => /^https?:/i.test(href) && !parts.includes('text'))
    .map(({ href }) => ({ rule: 'link-not-in-text', detail: `${href} is not in the text part` }))
}

function deceptiveLink({ text, href }: { text: string; href: string }): Finding {
  return { rule: 'deceptive-link', detail: `"${text}" opens ${href}` }
}

/** WCAG 2.2 success criterion 3.1.1: a screen reader must know which language to speak. */
function language(elements: Element[]): Finding[] {
  const has = elements.some(({ attribs }) => (attribs.lang ?? '') !== '')
  return has ? [] : [{ rule: 'lang', detail: 'no lang attribute (WCAG 3.1.1)' }]
}

/** An empty `alt` marks decoration, and is fine (WCAG 1.1.1). */
function isUnnamedImage({ name, attribs }: Element) {
  return name === 'img' && attribs.alt === undefined
}

function unnamedImage({ attribs }: Element): Finding {
  return { rule: 'image-alt', detail: `image ${attribs.src ?? ''} without alt (WCAG 1.1.1)` }
}

function remoteContent({ name, attribs }: Element): Finding[] {
  const source = name === 'link' ? attribs.href : (attribs.src ?? attribs.background)
  if (source === undefined || !/^(https?:)?\/\//i.test(source)) return []
  return [{ rule: 'remote-content', detail: `${name} loads ${source} when the mail is opened` }]
}

function lowContrast(element: Element): Finding[] {
  const style = styleOf(element)
  const ratio = style === undefined ? undefined : contrast(style.colour, style.background)
  if (style === undefined || ratio === undefined || ratio >= MIN_CONTRAST) return []
  const detail = `${style.colour} on ${style.background} is ${ratio.toFixed(1)}:1, ${MIN_CONTRAST}:1 at least (WCAG 1.4.3)`
  return [{ rule: 'contrast', detail }]
}
