/**
 * One-time codes, read from what a person sees: never from styles, hidden text
 * or addresses of links, and weighed by the words around them.
 */
import type { Message } from './message.ts'
import { textLinks } from './text-links.ts'
import { visibleText } from './visible-text.ts'

export interface Code {
  /** Without the spaces and hyphens that group it. */
  code: string
  /** The line it stands on. */
  line: string
  weight: number
}

/** Says why no single code could be read, and which there were. */
export class CodeError extends Error {
  override name = 'CodeError'
  readonly codes: Code[]

  constructor(problem: string, codes: Code[]) {
    super(`${problem}${codes.map(({ code, line }) => `\n  ${code} in "${line}"`).join('')}`)
    this.codes = codes
  }
}

type Body = Pick<Message, 'html' | 'text' | 'subject'>

export function findCode(message: Body, pattern?: RegExp): string {
  if (pattern !== undefined) return findPattern(message, pattern)
  const [first, second] = findCodes(message)
  if (first === undefined) throw new CodeError('No code in the message', [])
  if (second?.weight === first.weight) {
    throw new CodeError('More than one code in the message:', [first, second])
  }
  return first.code
}

/** Every code, likeliest first, each once. */
export function findCodes(message: Body): Code[] {
  const best = new Map<string, Code>()
  for (const found of parts(message).flatMap(codesOfPart)) {
    if ((best.get(found.code)?.weight ?? 0) < found.weight) best.set(found.code, found)
  }
  return [...best.values()].sort((a, b) => b.weight - a.weight)
}

function findPattern(message: Body, pattern: RegExp) {
  for (const part of parts(message)) {
    const match = part.match(new RegExp(pattern, pattern.flags.replace('g', '')))
    if (match !== null) return match[1] ?? match[0]
  }
  throw new CodeError(`No code for ${String(pattern)} in the message`, [])
}

function parts({ subject, text, html }: Body): string[] {
  return [subject, text, visibleText(html)].map(withoutLinks)
}

function withoutLinks(text: string) {
  return textLinks(text).reduce((left, href) => left.replaceAll(href, ' '), text)
}

function codesOfPart(part: string): Code[] {
  const lines = part
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.flatMap((line, index) =>
    codesOfLine(line, lines[index - 1] ?? '', lines[index + 1] ?? ''),
  )
}

function codesOfLine(line: string, before: string, after: string): Code[] {
  return [...line.matchAll(candidate)].flatMap((match) => {
    const [shown] = match
    const code = shown.replace(/[\s-]/g, '')
    const weight = weigh({ code, shown, line, before, after, at: match.index })
    return weight > 0 ? [{ code, line, weight }] : []
  })
}

/**
 * Four to eight digits, also in two or three groups; or five to ten capitals and digits
 * with at least one of each. No part of a longer word, date, time, price or number.
 */
const candidate =
  /(?<![\p{L}\d#©€$£¥/.,:+]|\d[ -])(?:\d{3}[ -]\d{3}|\d{2}[ -]\d{2}[ -]\d{2}|\d{4}[ -]\d{4}|\d{4,8}|(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{5,10}|(?=[A-Z-]*\d)[A-Z0-9]{3,5}-[A-Z0-9]{3,5})(?![\p{L}\d%€$£¥/@]|[.,:]\d|[ -]\d)/gu

const word =
  /\b(codes?|pin|otp|passcode|kod|codice|code[- ]?[a-z]*|verification|one[- ]time|security number|tan)\b|c[óo]digo|bestätigungs|einmal|コード|番号|验证码|驗證碼|인증|код/iu

/** Words that say what else a number may be. */
const otherwise =
  /\b(order|invoice|bestell\w*|rechnung\w*|ticket|case|ref(erence)?|customer|kunden\w*|zip|plz|postal|suite|phone|tel|fax|copyright|account (number|no))\b/iu

interface Place {
  code: string
  shown: string
  line: string
  before: string
  after: string
  at: number
}

function weigh({ code, shown, line, before, after, at }: Place): number {
  const near = line.slice(Math.max(0, at - 60), at + shown.length + 40)
  const leading = line.slice(Math.max(0, at - 30), at)
  const alone = line.replace(/[\p{P}\s]/gu, '') === code
  if (otherwise.test(leading) && !word.test(leading)) return 0
  const said = word.test(near) ? 4 : word.test(before) ? 3 : alone && word.test(after) ? 2 : 0
  if (said === 0 && !alone) return 0
  if (said === 0 && isYear(code)) return 0
  return said + (alone ? 2 : 0) + (/^\d{6}$/.test(code) ? 2 : 0) - (isYear(code) ? 3 : 0)
}

function isYear(code: string) {
  return /^(19|20)\d\d$/.test(code)
}
