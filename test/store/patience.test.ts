/** A database that stays away: how long a delivery asks it again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { migrate, readMigrations } from '../../build/worker.ts'
import { openSqlite } from '../../src/platform/sqlite-d1.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { patientDatabase } from '../../src/store/patient-database.ts'
import { patient } from '../../src/store/patient-outbox.ts'

afterEach(() => void vi.useRealTimers())

/** In milliseconds: half of what a row is claimed for. */
const HALF_A_LEASE = 30_000

test('a file that another program keeps is given up on well before a lease is over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sparekey-patience-'))
  using db = openSqlite(join(folder, 'kept.db'))
  await migrate(db, await readMigrations())
  await db.exec('PRAGMA busy_timeout = 0')
  using other = openSqlite(join(folder, 'kept.db'))
  await other.exec('BEGIN IMMEDIATE')
  vi.useFakeTimers()
  const outbox = patient(createOutboxStore(patientDatabase(db)))
  const failed = vi.fn()
  void outbox
    .claim({ count: 20, lease: 60, quota: { count: 3, seconds: 1800 }, now: 0 })
    .catch(failed)
  await vi.advanceTimersByTimeAsync(4000)
  expect(failed).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(HALF_A_LEASE - 4000)
  expect(failed).toHaveBeenCalledWith(
    expect.objectContaining({ message: expect.stringMatching(/SQLITE_BUSY$/) }),
  )
  await other.exec('ROLLBACK')
  await rm(folder, { recursive: true })
})
