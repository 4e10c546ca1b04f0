/** Writes asks into one database for two seconds, as the service does, and says how many in a second. */
import { parseAddress } from '../../src/account/address.ts'
import { parseClient } from '../../src/account/client.ts'
import { newId, secureRandom } from '../../src/account/random.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { createStore } from '../../src/store/index.ts'

/** In milliseconds. */
const LASTS = 2000

using db = openSqlite(process.argv[2] ?? '')
const { outbox } = createStore(db)
const started = performance.now()
let written = 0
while (performance.now() - started < LASTS) {
  const id = newId(secureRandom)
  const address = parseAddress(`${id}@example.test`)
  if (address === null) throw new TypeError(`Not an address: ${id}`)
  const client = parseClient('192.0.2.1', '')
  const limit = { key: `ask ${id}`, count: 30, seconds: 600 }
  const now = Math.floor(Date.now() / 1000)
  const { ok } = await outbox.ask({
    id,
    purpose: 'reset',
    address,
    client,
    limit,
    now,
    locale: 'en',
  })
  if (!ok) throw new Error('Cannot measure: a limit was in the way')
  written += 1
}
console.log((written * 1000) / (performance.now() - started))
