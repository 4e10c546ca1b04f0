/**
 * Contrast of text against its background, as inline styles and the old colour
 * attributes give them; style sheets are not applied.
 */
import { isTag, type Element } from 'domhandler'

/** Text colour and background of an element that sets its colour; undefined when it sets none. */
export function styleOf(element: Element): { colour: string; background: string } | undefined {
  const colour = declared(element, 'color') ?? element.attribs.color
  if (colour === undefined) return undefined
  return { colour, background: backgroundOf(element) }
}

/** Contrast ratio from 1 to 21 (WCAG 2.2, "contrast ratio"); undefined for colours that are not understood. */
export function contrast(one: string, other: string): number | undefined {
  const [a, b] = [luminance(one), luminance(other)]
  if (a === undefined || b === undefined) return undefined
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Mail is white where nobody says otherwise. */
function backgroundOf(element: Element): string {
  const own =
    declared(element, 'background-color') ??
    declared(element, 'background') ??
    element.attribs.bgcolor
  if (own !== undefined) return own
  const { parent } = element
  return parent !== null && isTag(parent) ? backgroundOf(parent) : '#ffffff'
}

function declared({ attribs }: Element, property: string): string | undefined {
  const declarations = (attribs.style ?? '').split(';').map((part) => part.split(':'))
  const found = declarations.find(([name]) => name?.trim().toLowerCase() === property)
  return found?.[1]?.replace(/!important/i, '').trim()
}

function luminance(colour: string): number | undefined {
  const channels = rgb(colour.toLowerCase())
  if (channels === undefined) return undefined
  const [r, g, b] = channels.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

function rgb(colour: string): number[] | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(named[colour] ?? colour)?.[1]
  if (hex !== undefined) {
    const pairs = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex
    return (pairs.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  }
  return /^rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)$/.exec(colour)?.slice(1).map(Number)
}

const named: Record<string, string> = {
  black: '#000000',
  blue: '#0000ff',
  gray: '#808080',
  green: '#008000',
  grey: '#808080',
  lightgray: '#d3d3d3',
  lightgrey: '#d3d3d3',
  navy: '#000080',
  orange: '#ffa500',
  red: '#ff0000',
  silver: '#c0c0c0',
  white: '#ffffff',
  yellow: '#ffff00',
}
