/**
 * What an operator may change of the look without touching code: one colour
 * and a logo. The colour becomes part of the stylesheet, which pages carry
 * inline, so its hash in the Content-Security-Policy is that of this text.
 */
import stylesheet from '../style.css'
import { type Color, inkOn, readableOn } from './contrast.ts'

export interface BrandSettings {
  appColor: Color
  /** A `data:` URL of an image; null for the key. */
  appLogo: string | null
}

export interface Brand {
  /** The whole stylesheet of every page. */
  style: string
  logo: string | null
}

/** What pages are drawn on; `--card` in the stylesheet, where the accent has to be readable. */
const cards = { light: '#ffffff', dark: '#1b1f22' } as const

/** On a dark page, what is just readable looks dull: there the accent has what level AAA asks. */
const contrasts = { light: 4.5, dark: 7 } as const

/** `pageStyle` is CSS of an app around us, and has the last word. */
export function createBrand({ appColor, appLogo }: BrandSettings, pageStyle = ''): Brand {
  const light = accentOn('light', appColor)
  const dark = accentOn('dark', appColor)
  const colors = `:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}`
  return { style: `${stylesheet.replace(/\s+/g, ' ')}${colors}${pageStyle}`, logo: appLogo }
}

function accentOn(scheme: keyof typeof cards, color: Color): string {
  const card = cards[scheme]
  const accent = readableOn(card, color, contrasts[scheme])
  return `--card:${card};--accent:${accent};--on-accent:${inkOn(accent)}`
}
