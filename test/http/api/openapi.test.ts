/**
 * Every operation is answered as the OpenAPI document says, whoever asks: for
 * what it asks for, and for what is made up from the document to go wrong. FULL
 * comes in every way to both runtimes, and makes up more.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MailServer } from '../../../harness/index.ts'
import { publicUrl, type RunningApp } from '../../app.ts'
import { anyText } from '../../any-text.ts'
import { type Runtime, runtimes } from '../../journeys/runtimes.ts'
import { expectSafe } from '../../security/safe-answer.ts'
import { type Caller, createCaller, type WayToCome, waysToCome } from './callers.ts'
import { anyPath, fitting, hostilePathParts, pathPart, spoilt } from './cases.ts'
import { tokenOf } from '../../journeys/steps.ts'
import { ApiClient } from './client.ts'
import { useApp } from '../../use-app.ts'
import {
  type ApiDocument,
  bodySchemaOf,
  createJudge,
  type Operation,
  operationsOf,
  readDocument,
} from './document.ts'
import { full } from '../../full.ts'

/** Requests for each operation and way to come. */
const RUNS = full ? 200 : 5
/** A text, and whether it says that it is no JSON. */
const texts = fc.tuple(anyText(), fc.boolean())
/** In milliseconds. */
const timeout = full ? 900_000 : 120_000

/** Who comes is found out by the same code on both. */
const ways: Record<Runtime, readonly WayToCome[]> = {
  workerd: full ? waysToCome : ['as nobody', 'by bearer token'],
  Deno: full ? waysToCome : ['by cookie'],
}

describe.each(runtimes)('on %s', (runtime, startApp) => {
  let mail: MailServer
  let app: RunningApp
  let api: ApiClient
  let document: ApiDocument
  let judge: ReturnType<typeof createJudge>

  useApp(startApp, (started) => ({ mail, app } = started))

  beforeAll(async () => {
    api = new ApiClient(app)
    document = await readDocument(app)
    judge = createJudge(document)
  })

  test('the document is OpenAPI 3.1 and names the URL the service has', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.servers).toEqual([{ url: `${publicUrl}/api/v1` }])
    const ids = operationsOf(document).map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('any path below /api/v1, by any method, is answered by a problem document', async () => {
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
    const known = fc.constantFrom(...Object.keys(document.paths))
    const path = fc.oneof(known, anyPath())
    await fc.assert(
      fc.asyncProperty(method, path, async (name, where) => {
        const answer = await api.send(name, where.replace('{id}', 'AAAAAAAAAAAA'))
        expect([401, 404, 405, 415]).toContain(answer.status)
        expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
        expectSafe(answer)
      }),
      { numRuns: RUNS * 10 },
    )
  })

  describe.each(ways[runtime])('%s', (way) => {
    /** Whoever is nobody is told so wherever somebody has to be signed in. */
    const turnsAway = ({ security }: Operation) => way === 'as nobody' && security.length > 0

    test(
      'what an operation asks for is answered by its success, or by 401',
      { timeout },
      async () => {
        for (const operation of operationsOf(document)) {
          const answer = await succeed(operation, createCaller(way, app, mail))
          const [success] = Object.keys(operation.responses)
          const expected = turnsAway(operation) ? 401 : Number(success)
          expect(answer.status, operation.operationId).toBe(expected)
          judge(operation, answer)
        }
      },
    )

    test('bodies that fit the document are answered as it says', { timeout }, async () => {
      const caller = createCaller(way, app, mail)
      for (const { operation, schema } of operationsWithBody()) {
        await fc.assert(
          fc.asyncProperty(fitting(schema), async (body) => {
            const answer = await caller.send(operation.method, operation.path, body)
            if (turnsAway(operation)) expect(answer.status, body).toBe(401)
            judge(operation, answer)
          }),
          { numRuns: RUNS },
        )
      }
    })

    test('bodies that do not fit are refused by 400 or 422', { timeout }, async () => {
      const caller = createCaller(way, app, mail)
      for (const { operation, schema } of operationsWithBody()) {
        const refusals = turnsAway(operation) ? [401] : [400, 422]
        await fc.assert(
          fc.asyncProperty(spoilt(schema), async (body) => {
            const answer = await caller.send(operation.method, operation.path, body)
            expect(refusals, `${operation.operationId} ${body}`).toContain(answer.status)
            judge(operation, answer)
          }),
          { numRuns: RUNS },
        )
      }
    })

    test(
      'any text at all, of any type and for any operation, is answered as the document says',
      { timeout },
      async () => {
        const { send } = createCaller(way, app, mail)
        for (const operation of operationsOf(document)) {
          await fc.assert(
            fc.asyncProperty(texts, async ([text, plain]) => {
              const type = plain ? { 'Content-Type': 'text/plain' } : {}
              const body = operation.method === 'GET' ? undefined : text
              judge(operation, await send(operation.method, concrete(operation), body, type))
            }),
            { numRuns: RUNS },
          )
        }
      },
    )

    test(
      'whatever stands in a path, only a session of one’s own is ended',
      { timeout },
      async () => {
        const stranger = createCaller('by bearer token', app, mail)
        const caller = createCaller(way, app, mail)
        const [foreign = ''] = await sessionIds(stranger)
        const examples = [foreign, ...hostilePathParts].map((part): [string] => [part])
        for (const operation of operationsOf(document).filter(({ path }) =>
          path.includes('{id}'),
        )) {
          await fc.assert(
            fc.asyncProperty(pathPart(), async (id) => {
              const answer = await caller.send(operation.method, operation.path.replace('{id}', id))
              expect(answer.status, id).toBe(turnsAway(operation) ? 401 : 404)
              judge(operation, answer)
            }),
            { numRuns: examples.length + RUNS, examples },
          )
        }
        expect(await sessionIds(stranger)).toEqual([foreign])
      },
    )
  })

  function operationsWithBody() {
    return operationsOf(document).flatMap((operation) => {
      const schema = bodySchemaOf(document, operation)
      return schema === null ? [] : [{ operation, schema }]
    })
  }

  /** What a person does who means it, each from the start. */
  async function succeed({ method, path, operationId }: Operation, { send, way, person }: Caller) {
    const inbox = mail.inbox()
    const password = 'a password of its own'
    switch (operationId) {
      case 'askRegistration':
      case 'askPasswordReset':
        return send(method, path, { email: inbox.address })
      case 'confirmRegistration': {
        await send('POST', '/registrations', { email: inbox.address })
        const token = tokenOf((await inbox.next()).link('/register/'))
        return send(method, path, { token, username: 'Ana', password })
      }
      case 'confirmPasswordReset': {
        const link = await (await person()).askForLink()
        return send(method, path, { token: tokenOf(link), password })
      }
      case 'logIn': {
        const { address: email, password: theirs } = await person()
        return send(method, path, { email, password: theirs })
      }
      case 'changePassword': {
        const { password: current_password } = await person()
        return send(method, path, { current_password, password })
      }
      case 'endSession': {
        const [id = 'AAAAAAAAAAAA'] = way === 'as nobody' ? [] : await sessionIds({ send })
        return send(method, path.replace('{id}', id))
      }
      default:
        return send(method, path)
    }
  }
})

function concrete({ path }: Operation): string {
  return path.replace('{id}', 'AAAAAAAAAAAA')
}

async function sessionIds({ send }: Pick<Caller, 'send'>): Promise<string[]> {
  const { body } = await send('GET', '/account/sessions')
  const { sessions } = body as { sessions: { id: string }[] }
  return sessions.map(({ id }) => id)
}
