/**
 * JSON bodies, read strictly: what two parsers could understand in two ways is
 * refused before any rule sees it.
 */
import * as v from 'valibot'
import type { AppContext } from '../context.ts'
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
  const result = v.safeParse(schema, parseMembers(await readBody(c.req.raw)))
  if (result.success) return result.output
  throw refuse(c, result.issues)
}

type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]

function refuse(c: AppContext, issues: Issues): Problem {
  const malformed = issues.find((issue) => !isMissing(issue))
  if (malformed !== undefined) {
    return new Problem('bad-request', { detail: `${fieldOf(malformed)}: ${malformed.message}` })
  }
  const errors = issues.map((issue) => describeProblem(c, fieldOf(issue), 'missing'))
  return new Problem('refused', { errors })
}

function isMissing({ kind, type, received }: v.BaseIssue<unknown>): boolean {
  return (kind === 'schema' && received === 'undefined') || type === 'non_empty'
}

function fieldOf(issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue) ?? 'body'
}

function parseMembers(text: string): unknown {
  const value = parse(text)
  if (!isFlat(value)) return value
  const members = Object.entries(value)
  // Of a flat object of texts every member is two strings; more of them are a name that came twice.
  const strings = text.match(/"(?:[^"\\]|\\.)*"/g) ?? []
  if (strings.length !== 2 * members.length) {
    throw new Problem('bad-request', { detail: 'A name stands twice in the body' })
  }
  // A lone surrogate has no UTF-8: two different passwords would be hashed alike.
  if (members.every(([name, member]) => name.isWellFormed() && member.isWellFormed())) return value
  throw new Problem('bad-request', { detail: 'The body holds half of a surrogate pair' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('bad-request', { detail: 'The body is not JSON', cause })
  }
}

function isFlat(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((member) => typeof member === 'string')
}
