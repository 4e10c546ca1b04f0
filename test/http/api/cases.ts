/**
 * Requests made up from the OpenAPI document: bodies that fit it, bodies that
 * do not, and whatever may stand in a path.
 */
import fc from 'fast-check'
import { anyText } from '../../any-text.ts'
import type { DescribedSchema } from './document.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
const likely = fc.constantFrom('ana@example.test', 'x'.repeat(300), 'a.b.c', ' ', '💚'.repeat(20))

/** Texts that the document lets through; most are refused by a rule, which is an answer too. */
export function fitting({ properties = {} }: DescribedSchema): fc.Arbitrary<string> {
  const members = Object.entries(properties).map(([name, { pattern }]) => {
    const allowed = new RegExp(pattern ?? '')
    return [name, fc.oneof(text, likely).filter((value) => allowed.test(value))] as const
  })
  return fc.record(Object.fromEntries(members)).map((body) => JSON.stringify(body))
}

/** Wrong types, names that are missing or stand twice, half of a body, no JSON. */
export function spoilt({ properties = {} }: DescribedSchema): fc.Arbitrary<string> {
  const names = Object.keys(properties)
  const whole = Object.fromEntries(names.map((name) => [name, 'ana@example.test']))
  const wrong = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
    fc.object(),
  )
  const quoted = JSON.stringify(whole)
  const name = fc.constantFrom(...names)
  return fc.oneof(
    fc.tuple(name, wrong).map(([member, value]) => JSON.stringify({ ...whole, [member]: value })),
    wrong.map((value) => JSON.stringify({ ...whole, more: value })),
    name.map((member) => JSON.stringify({ ...whole, [member]: undefined })),
    name.map((member) => JSON.stringify({ ...whole, [member]: '' })),
    name.map((member) => quoted.replace('{', `{"${member}":"twice",`)),
    name.map((member) =>
      quoted.replace('{', `{"\\u00${hexOf(member)}${member.slice(1)}":"twice",`),
    ),
    name.map((member) => JSON.stringify({ ...whole, [member]: '\ud800' })),
    fc.nat(quoted.length - 1).map((length) => quoted.slice(0, length)),
    fc
      .jsonValue()
      .filter((value) => !isObject(value))
      .map((value) => JSON.stringify(value)),
    fc.constantFrom('[]', '{}', `[${quoted}]`, `${quoted}${quoted}`, quoted.replaceAll('"', "'")),
  )
}

/** What is no UTF-8, no escape at all, no text that every database takes, or a name that means something elsewhere. */
export const hostilePathParts = [
  ...['%00', 'AAAA%00AAAAAA', '%', '%zz', '%c3%28', '%ed%a0%80', '%2F', '%2e%2e%2f'],
  ...['current', '__proto__', 'null', "'--", 'x'.repeat(4000)],
]

/** A part of a path, escaped: like an id of ours, or any text. */
export function pathPart(): fc.Arbitrary<string> {
  const text = anyText().filter((each) => each !== '')
  const shaped = fc.stringMatching(/^[A-Za-z0-9_-]{12}$/)
  return fc.oneof(shaped, text.map(encodeURIComponent)).filter(isOnePart)
}

/** Parts of a path, also empty ones. */
export function anyPath(): fc.Arbitrary<string> {
  const part = fc.oneof(pathPart(), fc.constantFrom('', ...hostilePathParts))
  return fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
}

/** Not `.` and the like, which are gone before a request is sent. */
function isOnePart(part: string): boolean {
  return new URL(`http://id.example.test/${part}`).pathname === `/${part}`
}

function hexOf(text: string): string {
  return text.charCodeAt(0).toString(16)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
