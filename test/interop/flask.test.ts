/**
 * A Flask app, with the packages that Debian has of what the tutorials use,
 * registers people and mails links; the service takes both over.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type MailServer, startMailServer } from '../../harness/index.ts'
import { startApp } from '../app.ts'
import {
  expectLogIns,
  expectReset,
  type FlaskApp,
  flaskApps,
  takeOver,
} from '../journeys/leaving-flask.ts'
import { PACKAGES, PYTHON, requirePrograms, run } from './debian.ts'

let mail: MailServer
let folder: string

beforeAll(async () => {
  requirePrograms({
    [PYTHON]: 'python3',
    [`${PACKAGES}/flask`]: 'python3-flask',
    [`${PACKAGES}/flask_login`]: 'python3-flask-login',
    [`${PACKAGES}/flask_sqlalchemy`]: 'python3-flask-sqlalchemy',
    [`${PACKAGES}/flask_bcrypt.py`]: 'python3-flask-bcrypt',
    [`${PACKAGES}/itsdangerous`]: 'python3-itsdangerous',
    [`${PACKAGES}/jwt`]: 'python3-jwt',
  })
  folder = await mkdtemp(join(tmpdir(), 'sparekey-flask-'))
  await run(PYTHON, ['test/interop/flask/app.py', folder])
  mail = await startMailServer()
})

afterAll(async () => {
  await mail?.stop()
  await rm(folder, { recursive: true, force: true })
})

const apps: [FlaskApp, string][] = [
  ['flaskblog-old', flaskApps['flaskblog-old']],
  ['flaskblog', flaskApps.flaskblog],
  ['microblog', flaskApps.microblog],
]

describe.each(apps)('who comes from a %s', (name, oldHash) => {
  test('finishes a reset that was begun there', async () => {
    const taken = await takeOver(folder, name, { mail, startApp })
    await using _app = taken.app
    await expectReset(taken)
  })

  test('logs in with the old password, whose hash is replaced', async () => {
    const taken = await takeOver(folder, name, { mail, startApp })
    await using _app = taken.app
    await expectLogIns(taken, oldHash)
  })
})
