/**
 * Bodies that two parsers could read in two ways, or that the database could not
 * hold: 400 by every operation, and nothing has changed.
 */
import { beforeAll, expect, test } from 'vitest'
import type { MailServer } from '../../../harness/index.ts'
import { operations } from '../../../src/http/api/operations.ts'
import { schemas } from '../../../src/http/api/schemas.ts'
import { type App, startApp } from '../../app.ts'
import { dump } from '../../database.ts'
import { useApp } from '../../use-app.ts'
import { untilRecorded } from '../../journeys/steps.ts'
import { givePerson } from '../../person.ts'
import type { Visitor } from '../../visitor.ts'

let mail: MailServer
let app: App
let signedIn: Visitor

useApp(startApp, (started) => ({ mail, app } = started), { settings: { LIMIT_LINK: '1000000' } })

beforeAll(async () => {
  signedIn = await (await givePerson(app, mail)).signIn()
})

/** Everything but what counts attempts. */
async function dumpWhatCounts() {
  const { limit_window: _, ...tables } = await dump(app.db)
  return tables
}

interface Taking {
  method: string
  path: string
  names: string[]
}

const taking: Taking[] = operations.flatMap(({ method, path, body }) => {
  if (body === undefined) return []
  const schema = schemas[body]
  const names = 'entries' in schema ? Object.keys(schema.entries) : []
  return [{ method: method.toUpperCase(), path, names }]
})

type Body = string | Uint8Array<ArrayBuffer>

/** What is made of a good body, or of the member of that name. */
type Spoil = (text: string, name: string) => Body

const inPlace =
  (value: string): Spoil =>
  (text, name) =>
    text.replace(`"${name}":"ana@example.test"`, `"${name}":${value}`)

const bytes =
  (...invalid: number[]): Spoil =>
  (text) => {
    const [before, after] = [text.slice(0, -2), text.slice(-2)].map((part) => [
      ...new TextEncoder().encode(part),
    ])
    return new Uint8Array([...(before ?? []), ...invalid, ...(after ?? [])])
  }

const malformed: [string, Spoil][] = [
  ['no JSON at all', () => 'email=ana@example.test'],
  ['nothing', () => ''],
  ['a list around it', (text) => `[${text}]`],
  ['a list of nothing', () => '[]'],
  ['two of them', (text) => `${text}${text}`],
  ['a name twice', (text, name) => text.replace('{', `{"${name}":"eve@example.test",`)],
  [
    'a name twice, once escaped',
    (text, name) =>
      text.replace('{', `{"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":"eve",`),
  ],
  ['a number', inPlace('7')],
  ['null', inPlace('null')],
  ['a list', inPlace('["ana@example.test","eve@example.test"]')],
  ['an object', inPlace('{"$ne":""}')],
  ['an object that nobody asked for', (text) => text.replace('{', '{"account":{"role":"admin"},')],
  ['a prototype', (text) => text.replace('{', '{"__proto__":{"role":"admin"},')],
  [
    'a name twice, beside a prototype',
    (text, name) => text.replace('{', `{"${name}":"eve@example.test","__proto__":{},`),
  ],
  ['NUL as it is', inPlace('"ana\u0000@example.test"')],
  ['a line break as it is', inPlace('"ana@example.test\nBcc: eve@example.test"')],
  ['half of a surrogate pair', inPlace('"\\ud800@example.test"')],
  ['the other half', inPlace('"ana@example.test\\udc00"')],
  ['a surrogate pair the wrong way round', inPlace('"\\udc00\\ud800"')],
  ['half of a surrogate pair as a name', (text) => text.replace('{', '{"\\ud800":"",')],
  ['invalid UTF-8', bytes(0xff, 0xfe)],
  ['UTF-8 that is cut off', bytes(0xe2, 0x82)],
  ['an overlong encoding', bytes(0xc0, 0xaf)],
  ['an overlong NUL', bytes(0xc0, 0x80)],
  ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)],
  [
    'UTF-16',
    (text) => new Uint8Array([0xff, 0xfe, ...new Uint8Array(Buffer.from(text, 'utf16le'))]),
  ],
]

/** Of what is shown, compared or mailed; a password may hold any character. */
const controls = [
  '\\u0000',
  '\\n',
  '\\r\\nBcc: eve@example.test',
  '\\u001b[31m',
  '\\u0085',
  '\\u2028',
]

function goodBodyOf({ names }: Taking): string {
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, 'ana@example.test'])))
}

/** Each of them, and then one look at the database. */
async function expectMalformed(
  { method, path }: Taking,
  bodies: readonly (readonly [what: string, body: Body])[],
) {
  await untilRecorded(app)
  const before = await dumpWhatCounts()
  for (const [what, body] of bodies) {
    const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' }
    const answer = await signedIn.send(`/api/v1${path}`, { method, body, headers })
    const { status, reason } = JSON.parse(answer.body)
    expect({ what, status, reason }).toEqual({ what, status: 400, reason: 'bad-request' })
  }
  expect(await dumpWhatCounts()).toEqual(before)
}

test.each(taking)(
  '$method $path refuses what can be read in two ways, or not at all',
  async (operation) => {
    const good = goodBodyOf(operation)
    const bodies = malformed.flatMap(([what, spoil]) =>
      operation.names.map((name) => [`${what}: ${name}`, spoil(good, name)] as const),
    )
    await expectMalformed(operation, bodies)
  },
)

const shown = taking.flatMap((operation) =>
  operation.names
    .filter((name) => !name.endsWith('password'))
    .map((name) => ({ ...operation, name })),
)

test.each(shown)(
  '$method $path refuses a control character in its $name',
  async ({ name, ...operation }) => {
    const spoil = (control: string) =>
      inPlace(`"ana${control}@example.test"`)(goodBodyOf(operation), name)
    await expectMalformed(
      operation,
      controls.map((control) => [control, spoil(control)] as const),
    )
  },
)
