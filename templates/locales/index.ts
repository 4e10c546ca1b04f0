/**
 * The languages that pages and mails are written in. A language is one file;
 * the compiler finds the words it lacks.
 */
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type Words } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { ptBr } from './pt-br.ts'
import { zhCn } from './zh-cn.ts'

export type { Words }

const words = { en, 'pt-BR': ptBr, es, de, fr, 'zh-CN': zhCn, ja, ar } satisfies Record<
  string,
  Words
>

export type Locale = keyof typeof words

export const locales = Object.keys(words).filter(isLocale)

export function isLocale(text: string): text is Locale {
  return Object.hasOwn(words, text)
}

export function wordsOf(locale: Locale): Words {
  return words[locale]
}

/** The first of the languages a browser asks for (RFC 9110 §12.5.4) that there is. */
export function negotiateLocale(acceptLanguage: string | undefined, fallback: Locale): Locale {
  if (acceptLanguage === undefined) return fallback
  const ranked = acceptLanguage
    .split(',', 20)
    .map((part) => parseRange(part))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { range } of ranked) {
    const match = findLocale(range)
    if (match !== undefined) return match
  }
  return fallback
}

function parseRange(part: string): { range: string; quality: number } {
  const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim())
  const weight = parameters.find((parameter) => /^q=/i.test(parameter))
  const quality = weight === undefined ? 1 : Number(weight.slice(2))
  return { range: range.toLowerCase(), quality: Number.isFinite(quality) ? quality : 0 }
}

/** Each under its own tag and under its language alone, in lower case. */
const localeByRange = new Map(
  locales
    .map((locale) => [locale.toLowerCase(), locale] as const)
    .flatMap(([tag, locale]) => [
      [tag.split('-', 1)[0] ?? '', locale] as const,
      [tag, locale] as const,
    ]),
)

/** `de-AT` finds `de`, and `pt` finds `pt-BR`: a neighbour's words are better than a stranger's. */
function findLocale(range: string): Locale | undefined {
  return localeByRange.get(range) ?? localeByRange.get(range.split('-', 1)[0] ?? '')
}
