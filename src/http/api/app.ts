/**
 * The JSON API's site map: every operation on one screen, with what protects it.
 */
import { Hono } from 'hono'
import { secureAnswers } from '../answers.ts'
import type { AppEnv, AppServices } from '../context.ts'
import * as accounts from './accounts.ts'
import { notFound, onError, wrongMethod } from './answers.ts'
import { authorized, oursOrBearer, withServices } from './context.ts'
import { describeApi } from './openapi.ts'
import { methodsByPath } from './operations.ts'
import * as sessions from './sessions.ts'

/** The JSON API, to be mounted at /api/v1. */
export function createApi(services: AppServices): Hono<AppEnv> {
  const { config } = services
  const api = new Hono<AppEnv>()

  api.use(withServices(services), secureAnswers())
  api.onError(onError)

  api.get('/openapi.json', (c) => c.json(describeApi(config)))
  api.use(oursOrBearer(config.publicUrl))

  api.post('/registrations', accounts.askRegistration)
  api.post('/registrations/confirm', accounts.confirmRegistration)
  api.post('/password-resets', accounts.askPasswordReset)
  api.post('/password-resets/confirm', accounts.confirmPasswordReset)

  api.post('/sessions', sessions.createSession)
  api.delete('/sessions/current', authorized(), sessions.endOwnSession)

  api.get('/account', authorized(), sessions.showAccount)
  api.put('/account/password', authorized(), sessions.replacePassword)
  api.get('/account/sessions', authorized(), sessions.listSessions)
  api.delete('/account/sessions/:id', authorized(), sessions.endSession)

  for (const [path, methods] of methodsByPath()) api.all(path, wrongMethod(methods))
  api.all('*', notFound)

  return api
}
