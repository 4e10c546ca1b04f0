/**
 * JSON bodies, read strictly: what two parsers could understand in two ways is
 * refused before any rule sees it.
 */
import * as v from 'valibot'
import type { AppContext } from '../context.ts'
import { confide } from '../confided.ts'
import { readBody } from '../form.ts'
import { Refusal } from '../refusal.ts'
import { describeProblem } from './words.ts'
import { Problem } from './problem.ts'

/**
 * Reads an `application/json` body: one flat object of texts. Throws a refusal
 * of 400, 413 or 415, and one of 422 for members that are missing or empty.
 *
 * @example
 * const { email } = await readJson(c, schemas.Ask)
 */
export async function readJson<Output>(
  c: AppContext,
  schema: v.GenericSchema<unknown, Output>,
): Promise<Output> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new Refusal('wrong-type')
  const members = parseMembers(await readBody(c.req.raw))
  confide(c, Object.values(members))
  const result = v.safeParse(schema, members)
  if (result.success) return result.output
  throw refuse(c, result.issues)
}

type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]

function refuse(c: AppContext, issues: Issues): Problem {
  const wrong = issues.find((issue) => !isMissing(issue))
  if (wrong !== undefined) return malformed(`${fieldOf(wrong)}: ${wrong.message}`)
  const errors = issues.map((issue) => describeProblem(c, fieldOf(issue), 'missing'))
  return new Problem('refused', { errors })
}

function isMissing({ kind, type, received }: v.BaseIssue<unknown>): boolean {
  return (kind === 'schema' && received === 'undefined') || type === 'non_empty'
}

function fieldOf(issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue) ?? 'body'
}

function parseMembers(text: string): Record<string, string> {
  const members = Object.entries(parseObject(text)).map(toTextMember)
  // Of a flat object of texts every member is two strings; more of them are a name that came twice.
  const strings = text.match(/"(?:[^"\\]|\\.)*"/g) ?? []
  if (strings.length !== 2 * members.length) throw malformed('A name stands twice in the body')
  // A lone surrogate has no UTF-8: two different passwords would be hashed alike.
  if (members.every(([name, member]) => name.isWellFormed() && member.isWellFormed())) {
    return Object.fromEntries(members)
  }
  throw malformed('The body holds half of a surrogate pair')
}

function parseObject(text: string): object {
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw malformed('The body is not an object')
}

/** Also of members that nobody asked for, and of `__proto__`, which the schemas would not look at. */
function toTextMember([name, member]: [string, unknown]): [string, string] {
  if (typeof member === 'string') return [name, member]
  throw malformed(`${name} is not a text`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed('The body is not JSON', cause)
  }
}

function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('bad-request', { detail, cause })
}
