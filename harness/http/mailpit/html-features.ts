/**
 * How a feature of caniemail.com is recognised in a mail: its title says which
 * element, attribute, property, selector, at-rule, function or unit it is.
 */
import type { Element } from 'domhandler'

export interface Markup {
  elements: Element[]
  html: string
  /** The contents of style elements. */
  sheets: string
  /** Those and every inline style. */
  css: string
}

/** Counts how often a feature is used. */
export type Finder = (markup: Markup) => number

/** A finder for a feature; undefined for one that cannot be told from the source. */
export function finderFor(category: string, title: string): Finder | undefined {
  if (category === 'html') return htmlFinder(title)
  if (category === 'css') return cssFinder(title)
  return category === 'image' ? imageFinder(title) : undefined
}

function htmlFinder(title: string): Finder | undefined {
  const [, name, attribute, value] =
    /^<([a-z]+)(?: ([a-z]+)="([a-z]+)")?> element$/.exec(title) ?? []
  if (name !== undefined) return elementFinder(name, attribute, value)
  const named = /^([a-z-]+) attribute$/.exec(title)?.[1]
  if (named !== undefined) return attributeFinder(named)
  return special[title]
}

function elementFinder(name: string, attribute?: string, value?: string): Finder {
  return ({ elements }) =>
    elements.filter(
      (element) =>
        element.name === name && (attribute === undefined || element.attribs[attribute] === value),
    ).length
}

function attributeFinder(name: string): Finder {
  return ({ elements }) => elements.filter(({ attribs }) => attribs[name] !== undefined).length
}

const special: Record<string, Finder> = {
  'Local anchors': ({ elements }) =>
    elements.filter(({ attribs }) => attribs.href?.startsWith('#')).length,
  'mailto: links': ({ elements }) =>
    elements.filter(({ attribs }) => attribs.href?.startsWith('mailto:')).length,
  'HTML comments': ({ html }) => count(html, /<!--(?!\[if)/g),
  'HTML5 doctype': ({ html }) => count(html, /<!doctype html>/gi),
  '<h1> to <h6> elements': oneOf('h1', 'h2', 'h3', 'h4', 'h5', 'h6'),
  '<ul>, <ol> and <dl>': oneOf('ul', 'ol', 'dl'),
  'HTML5 semantics': oneOf(
    'article',
    'aside',
    'details',
    'figcaption',
    'figure',
    'footer',
    'header',
    'main',
    'mark',
    'nav',
    'section',
    'summary',
    'time',
  ),
  'Image maps': oneOf('map'),
  'Embedded <svg> image': oneOf('svg'),
  'srcset and sizes attributes': ({ elements }) =>
    elements.filter(({ attribs }) => attribs.srcset !== undefined).length,
}

function oneOf(...names: string[]): Finder {
  return ({ elements }) => elements.filter(({ name }) => names.includes(name)).length
}

function cssFinder(title: string): Finder | undefined {
  const pattern = cssPattern(title.replace(/ (property|shorthand)$/, ''))
  return pattern === undefined ? undefined : ({ css }) => count(css, pattern)
}

function cssPattern(title: string): RegExp | undefined {
  if (title.startsWith('@'))
    return new RegExp(escape(title.split(',')[0] ?? title).replaceAll(' ', '\\s*'), 'gi')
  if (/^::?[a-z-]+/.test(title))
    return new RegExp(`${escape(title.replace(/\(\)$/, ''))}(?![a-z-])[^{};]*\\{`, 'gi')
  const [, property, value] = /^([a-z-]+):\s?([a-z-]+)$/.exec(title) ?? []
  if (property !== undefined) return new RegExp(`[{;\\s]${property}\\s*:\\s*${value}`, 'gi')
  if (/^[a-z-]+\(\)$/.test(title))
    return new RegExp(`(?<![a-z-])${escape(title.slice(0, -1))}`, 'gi')
  const unit = /^([a-z]+|%) unit$/.exec(title)?.[1]
  if (unit !== undefined) return new RegExp(`:[^;{}]*\\d${unit}(?![a-z%])`, 'gi')
  if (title === '!important keyword') return /!\s*important/gi
  if (title === 'CSS Variables (Custom Properties)') return /var\(--/gi
  if (title === 'CSS calc() function') return /calc\(/gi
  if (title === 'CSS comments') return /\/\*/g
  const names = title.split(/, | & /)
  if (!names.every((name) => /^[a-z][a-z-]+$/.test(name))) return undefined
  return new RegExp(`[{;\\s](?:${names.join('|')})\\s*:`, 'gi')
}

function imageFinder(title: string): Finder | undefined {
  const kind = /^(AVIF|BMP|GIF|HDR|HEIF|ICO|JPG|PNG|SVG|TIFF|webP) image format$/.exec(title)?.[1]
  if (title === 'Base 64 image format')
    return ({ html }) => count(html, /data:image\/[a-z+]+;base64/gi)
  if (kind === undefined) return undefined
  const ending = kind === 'JPG' ? 'jpe?g' : kind.toLowerCase()
  const pattern = new RegExp(`\\.${ending}(?:[?#]|$)`, 'i')
  return ({ elements }) =>
    elements.filter(({ name, attribs }) => name === 'img' && pattern.test(attribs.src ?? '')).length
}

function count(text: string, pattern: RegExp) {
  return text.match(pattern)?.length ?? 0
}

function escape(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
