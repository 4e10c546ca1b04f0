/**
 * Every operation is answered as the OpenAPI document says: for what it asks
 * for, and for what is made up from the document to go wrong.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../../harness/index.ts'
import { type App, publicUrl, startApp } from '../../app.ts'
import { givePerson } from '../../person.ts'
import { expectSafe } from '../../security/safe-answer.ts'
import { ApiClient } from './client.ts'
import {
  type ApiDocument,
  bodySchemaOf,
  createJudge,
  type DescribedSchema,
  type Operation,
  operationsOf,
  readDocument,
} from './document.ts'

let mail: MailServer
let app: App
let api: ApiClient
let document: ApiDocument
let judge: ReturnType<typeof createJudge>

beforeAll(async () => {
  mail = await startMailServer()
  app = await startApp({ mail })
  api = new ApiClient(app)
  document = await readDocument(app)
  judge = createJudge(document)
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await mail.stop()
})

const full = process.env['FULL'] === '1'
/** Requests for each operation. */
const RUNS = full ? 500 : 25
/** In milliseconds. */
const timeout = full ? 600_000 : 120_000

test('the document is OpenAPI 3.1 and names the URL the service has', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.servers).toEqual([{ url: `${publicUrl}/api/v1` }])
  const ids = operationsOf(document).map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('what an operation asks for is answered by its success', async () => {
  for (const operation of operationsOf(document)) {
    const answer = await succeed(operation)
    const [success] = Object.keys(operation.responses)
    expect(answer.status, operation.operationId).toBe(Number(success))
    judge(operation, answer)
  }
})

test('what comes without a session is answered by 401 where the document asks for one', async () => {
  for (const operation of operationsOf(document).filter(({ security }) => security.length > 0)) {
    const path = operation.path.replace('{id}', 'AAAAAAAAAAAA')
    const answer = await api.send(operation.method, path, bodyLike(operation))
    expect(answer.status, operation.operationId).toBe(401)
    judge(operation, answer)
  }
})

test('bodies that fit the document are answered as it says', { timeout }, async () => {
  const { token } = await signedIn()
  for (const { operation, schema } of operationsWithBody()) {
    await fc.assert(
      fc.asyncProperty(fitting(schema), async (body) => {
        const answer = await api.send(operation.method, operation.path, body, { token })
        judge(operation, answer)
      }),
      { numRuns: RUNS },
    )
  }
})

test('bodies that do not fit are refused by 400 or 422', { timeout }, async () => {
  const { token } = await signedIn()
  for (const { operation, schema } of operationsWithBody()) {
    await fc.assert(
      fc.asyncProperty(spoilt(schema), async (body) => {
        const answer = await api.send(operation.method, operation.path, body, { token })
        expect([400, 422], `${operation.operationId} ${body}`).toContain(answer.status)
        judge(operation, answer)
      }),
      { numRuns: RUNS },
    )
  }
})

test('any text at all, of any type, is answered as the document says', async () => {
  for (const { operation } of operationsWithBody()) {
    const request = fc.tuple(fc.string({ unit: 'binary' }), fc.boolean())
    await fc.assert(
      fc.asyncProperty(request, async ([text, plain]) => {
        const headers = plain ? { 'Content-Type': 'text/plain' } : {}
        const answer = await api.send(operation.method, operation.path, text.toWellFormed(), {
          headers,
        })
        judge(operation, answer)
      }),
      { numRuns: RUNS },
    )
  }
})

test('any path below /api/v1, by any method, is answered by a problem document', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
  const known = fc.constantFrom(...Object.keys(document.paths))
  const path = fc.oneof(known, fc.webPath())
  await fc.assert(
    fc.asyncProperty(method, path, async (name, where) => {
      const below = where.replace('{id}', 'AAAAAAAAAAAA')
      const answer = await api.send(name, below.startsWith('/') ? below : `/${below}`)
      expect([401, 404, 405, 415]).toContain(answer.status)
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
      expectSafe(answer)
    }),
    { numRuns: RUNS * 4 },
  )
})

function operationsWithBody() {
  return operationsOf(document).flatMap((operation) => {
    const schema = bodySchemaOf(document, operation)
    return schema === null ? [] : [{ operation, schema }]
  })
}

/** Texts that the document lets through; most are refused by a rule, which is an answer too. */
function fitting({ properties = {} }: DescribedSchema): fc.Arbitrary<string> {
  const members = Object.entries(properties).map(([name, { pattern }]) => {
    const allowed = new RegExp(pattern ?? '')
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
    const likely = fc.constantFrom(
      'ana@example.test',
      'x'.repeat(300),
      'a.b.c',
      ' ',
      '💚'.repeat(20),
    )
    return [name, fc.oneof(text, likely).filter((value) => allowed.test(value))] as const
  })
  return fc.record(Object.fromEntries(members)).map((body) => JSON.stringify(body))
}

function spoilt({ properties = {} }: DescribedSchema): fc.Arbitrary<string> {
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

function hexOf(text: string): string {
  return text.charCodeAt(0).toString(16)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Something of the right shape, for where it is not looked at. */
function bodyLike(operation: Operation): unknown {
  const schema = bodySchemaOf(document, operation)
  if (schema === null) return undefined
  return Object.fromEntries(Object.keys(schema.properties ?? {}).map((name) => [name, 'text']))
}

async function signedIn() {
  const person = await givePerson(app, mail)
  return { ...person, token: await api.logIn(person.address, person.password) }
}

/** What a person does who means it, each from the start. */
async function succeed({ method, path, operationId }: Operation) {
  const inbox = mail.inbox()
  const password = 'a password of its own'
  switch (operationId) {
    case 'askRegistration':
    case 'askPasswordReset':
      return api.send(method, path, { email: inbox.address })
    case 'confirmRegistration': {
      await api.send('POST', '/registrations', { email: inbox.address })
      const token = tokenOf((await inbox.next()).link('/register/'))
      return api.send(method, path, { token, username: 'Ana', password })
    }
    case 'confirmPasswordReset': {
      const person = await givePerson(app, mail)
      return api.send(method, path, { token: tokenOf(await person.askForLink()), password })
    }
    case 'logIn': {
      const person = await givePerson(app, mail)
      return api.send(method, path, { email: person.address, password: person.password })
    }
    case 'changePassword': {
      const { password: current_password, token } = await signedIn()
      return api.send(method, path, { current_password, password }, { token })
    }
    default: {
      const { token } = await signedIn()
      return api.send(method, path.replace('{id}', await sessionId(token)), undefined, { token })
    }
  }
}

async function sessionId(token: string): Promise<string> {
  const { body } = await api.send('GET', '/account/sessions', undefined, { token })
  const { sessions } = body as { sessions: { id: string }[] }
  return sessions[0]?.id ?? ''
}

function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}
