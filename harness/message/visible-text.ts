/**
 * HTML as a reader sees it, as plain text: no styles, no scripts, nothing
 * hidden, blocks on lines of their own.
 */
import { isTag, isText, type ChildNode, type Element } from 'domhandler'
import { parseDocument } from 'htmlparser2'
import { MAX_DEPTH } from './dom.ts'

const unseen = new Set([
  'head',
  'style',
  'script',
  'template',
  'title',
  'noscript',
  'svg',
  'select',
])
const blocks = new Set(
  'address article aside blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th thead tr ul'.split(
    ' ',
  ),
)

export function visibleText(html: string): string {
  return textOfNodes(parseDocument(html).children)
}

export function textOfNodes(nodes: ChildNode[]): string {
  return tidy(nodes.map((node) => textOfNode(node, 0)).join(''))
}

function textOfNode(node: ChildNode, depth: number): string {
  if (isText(node)) return node.data.replace(/\s+/g, ' ')
  if (!isTag(node) || depth > MAX_DEPTH) return ''
  if (isHidden(node)) return ''
  if (node.name === 'img') return node.attribs.alt ?? ''
  const inside = node.children.map((child) => textOfNode(child, depth + 1)).join('')
  return blocks.has(node.name) ? `\n${inside}\n` : inside
}

/** What mail uses to hide preview text and tracking: attributes and inline styles, not style sheets. */
export function isHidden({ name, attribs }: Element) {
  if (unseen.has(name) || 'hidden' in attribs || attribs.type === 'hidden') return true
  const style = (attribs.style ?? '').toLowerCase().replace(/\s+/g, '')
  return /(^|;)(display:none|visibility:hidden|mso-hide:all|font-size:0(px|pt|em|%)?(;|!|$)|opacity:0(;|!|$)|max-height:0(px)?(;|!|$))/.test(
    style,
  )
}

function tidy(text: string) {
  return text
    .split('\n')
    .map((line) => line.replace(/(?:\s|\u00a0|\u200b|\u200c|\u200d|\u2060|\ufeff)+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}
