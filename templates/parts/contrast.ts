/**
 * Colours that people can read, whatever colour an operator chose (WCAG 2.2,
 * success criteria 1.4.3 and 1.4.11).
 */

/** As in `#14507a`. */
export type Color = `#${string}`

/** The ratio that WCAG 2.2 asks of text (1.4.3, level AA). */
const READABLE = 4.5

export function isColor(text: string): text is Color {
  return /^#[\da-f]{6}$/i.test(text)
}

/** From 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: Color, other: Color): number {
  const [a, b] = [luminanceOf(one), luminanceOf(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** The colour itself where it has the contrast on `background`, else the nearest shade of it that has. */
export function readableOn(background: Color, color: Color, contrast = READABLE): Color {
  const end = luminanceOf(background) > 0.18 ? 0 : 255
  const shades = Array.from({ length: 21 }, (_, step) => mix(color, end, step / 20))
  return shades.find((shade) => contrastOf(shade, background) >= contrast) ?? mix(color, end, 1)
}

/** Black or white, whichever is the easier to read on `background`. */
export function inkOn(background: Color): Color {
  return contrastOf('#ffffff', background) >= READABLE ? '#ffffff' : '#000000'
}

function mix(color: Color, end: number, share: number): Color {
  const mixed = channelsOf(color).map((channel) => Math.round(channel + (end - channel) * share))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(color: Color): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channelsOf(color: Color): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))
}
