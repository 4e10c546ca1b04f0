/**
 * What we rely on in wrangler: that it has the same migrations as our tests, and that no
 * log holds the token of a link, neither the platform's nor what `npm run dev` shows of
 * wrangler's (ASVS 5.0 §14.2.1, §16.2.5).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unstable_readConfig as readConfig, unstable_splitSqlQuery as splitSql } from 'wrangler'
import { migrationsFolder } from '../../build/deno.ts'
import { readMigrations } from '../../build/worker.ts'
import { blackOutTokens } from '../../commands/wrangler.ts'
import { createKeyring } from '../../src/account/keyring.ts'
import { mintLinkToken } from '../../src/account/link-token.ts'
import { secretKey } from '../app.ts'

test('it takes the migrations apart as SQLite does', async () => {
  const texts = readdirSync(migrationsFolder)
    .toSorted()
    .map((name) => readFileSync(join(migrationsFolder, name), 'utf8'))
  const theirs = texts.flatMap((text) => splitSql(text)).map(bare)
  expect((await readMigrations()).map(bare)).toEqual(theirs)
})

/** Without what stands around it, or means nothing. */
function bare(statement: string): string {
  const words = statement.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ')
  return words.replace(/;\s*$/, '').trim()
}

test.each(['wrangler.toml', 'test/examples/mounted/wrangler.toml'])(
  '%s: the platform logs what we print, and no request with its URL',
  (config) => {
    const { observability } = readConfig({ config })
    expect(observability?.logs).toMatchObject({ enabled: true, invocation_logs: false })
    expect(observability?.enabled).not.toBe(true)
    expect(readConfig({ config }).logpush).not.toBe(true)
  },
)

const keyring = createKeyring([secretKey])
const reset = { purpose: 'reset', account: 'account00001', credentialVersion: 3 } as const
const register = { purpose: 'register', registration: 'registration1' } as const
const { itsdangerous } = JSON.parse(readFileSync('test/fixtures/link-tokens.json', 'utf8'))

describe.each([
  ['reset', 'reset_password', await mintLinkToken(keyring, reset, 2_000_000_000)],
  ['register', 'register', await mintLinkToken(keyring, register, 2_000_000_000)],
  ["another app's reset", 'reset_password', String(itsdangerous[0].token)],
])('a %s token is blacked out of a line', (_purpose, path, token) => {
  test.each([
    ['of a request', `[wrangler:info] GET /${path}/TOKEN 410 Gone (5ms)`],
    ['with a query', `[wrangler:info] GET /${path}/TOKEN?lang=ja&next=/ 200 OK (5ms)`],
    ['of a whole URL', `Cannot answer: https://id.example.test/${path}/TOKEN`],
    ['below a prefix', `    at http://127.0.0.1:8787/auth/${path}/TOKEN#top`],
    ['in quotes', `{"url":"http://127.0.0.1:8787/${path}/TOKEN","status":500}`],
    ['that names it twice', `/${path}/TOKEN came from "/${path}/TOKEN"`],
  ])('%s', (_what, line) => {
    const shown = blackOutTokens(line.replaceAll('TOKEN', token))
    expect(shown).toBe(line.replaceAll('TOKEN', '[token]'))
  })
})

test('a token is blacked out whole, however its dots are written', () => {
  expect(blackOutTokens('GET /reset_password/eyJhbGci%2EeyJzdWIi%2Esignature 200 OK')).toBe(
    'GET /reset_password/[token] 200 OK',
  )
})

test.each(['GET /reset_password 200 OK', 'GET /register/sent 200 OK', 'POST /login 401'])(
  'a line without a token stays as it is: %s',
  (line) => expect(blackOutTokens(line)).toBe(line),
)
