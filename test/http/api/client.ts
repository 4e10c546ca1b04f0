/**
 * An app that speaks JSON to the service: no cookies, no forms.
 */
import type { RunningApp } from '../../app.ts'

export interface JsonAnswer {
  status: number
  headers: Headers
  body: unknown
}

export interface JsonRequest {
  token?: string
  headers?: Record<string, string>
}

export class ApiClient {
  readonly #app: RunningApp
  readonly #ip: string | undefined
  readonly #prefix: string

  /** Every client comes from an address of its own, unless one is given. */
  constructor(app: RunningApp, ip?: string, prefix = '') {
    this.#app = app
    this.#ip = ip
    this.#prefix = prefix
  }

  async send(method: string, path: string, body?: unknown, request: JsonRequest = {}) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await this.#app.visitor(this.#ip).send(`${this.#prefix}/api/v1${path}`, {
      method,
      ...(text !== undefined && { body: text }),
      headers: {
        ...(text !== undefined && { 'Content-Type': 'application/json' }),
        ...(request.token !== undefined && { Authorization: `Bearer ${request.token}` }),
        ...request.headers,
      },
    })
    return { ...answer, body: answer.body === '' ? null : toJson(answer.body) }
  }

  /** Throws when the log-in is refused. */
  async logIn(email: string, password: string): Promise<string> {
    const { status, body } = await this.send('POST', '/sessions', { email, password })
    if (status !== 201) throw new Error(`Cannot log in: ${status}`)
    return textOf(body, 'token')
  }
}

/** A text within an answer. */
export function textOf(body: unknown, name: string): string {
  const value = Object.entries(body ?? {}).find(([key]) => key === name)?.[1]
  if (typeof value !== 'string') throw new TypeError(`There is no text ${name} in the answer`)
  return value
}

function toJson(text: string): unknown {
  return JSON.parse(text)
}
