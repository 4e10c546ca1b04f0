import type { Context } from 'hono'
import type { Captured } from '../mailbox/captured.ts'
import type { MailServer } from '../mail-server.ts'

/** What every handler can reach. */
export interface HttpEnv {
  Variables: { mail: MailServer }
}

export type HttpContext = Context<HttpEnv>

/** An answer that is not what was asked for; in plain text, as Mailpit gives it. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly status: 400 | 404 | 413 | 422

  constructor(status: 400 | 404 | 413 | 422, message: string) {
    super(message)
    this.status = status
  }
}

/** A number of the query; what is no whole number of at least 0 counts as missing. */
export function numberFrom(context: HttpContext, name: string, fallback: number): number {
  const text = context.req.query(name) ?? ''
  return /^\d{1,12}$/.test(text) ? Number(text) : fallback
}

/** The body as a JSON object; an empty body is an empty object. Throws `HttpProblem` for anything else. */
export async function objectFrom(context: HttpContext): Promise<Record<string, unknown>> {
  const text = await context.req.text()
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch (error) {
    throw new HttpProblem(400, error instanceof Error ? error.message : 'Not JSON')
  }
  throw new HttpProblem(400, 'The body must be a JSON object')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The strings of a list, or of nothing. Throws `HttpProblem` when there is something else. */
export function stringsOf(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new HttpProblem(400, `${name} must be an array of strings`)
}

export function stringOf(value: unknown, name: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw new HttpProblem(400, `${name} must be a string`)
}

/** A message by its id. Throws `HttpProblem` when it is not kept. */
export function kept(context: HttpContext, id: string): Captured {
  const captured = context.var.mail.mailbox.get(id)
  if (captured === undefined) throw new HttpProblem(404, 'Message not found')
  return captured
}
