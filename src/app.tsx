/**
 * The site map: every route on one screen, with what protects it.
 */
import { Hono } from 'hono'
import { type AppEnv, type AppServices, announced, signedIn, withServices } from './http/context.ts'
import { createApi } from './http/api/app.ts'
import { secureAnswers } from './http/answers.ts'
import { sameOrigin } from './http/same-origin.ts'
import * as account from './http/handlers/account.tsx'
import * as ask from './http/handlers/ask.tsx'
import * as errors from './http/handlers/errors.tsx'
import * as link from './http/handlers/link.tsx'
import * as login from './http/handlers/login.tsx'
import { changePasswordUrl } from './http/handlers/well-known.ts'
import { showHealth } from './http/handlers/health.ts'
import { createPaths } from './paths.ts'

/**
 * The whole service as a Hono app, to be served as it is or mounted in another.
 *
 * @example
 * host.route('/auth', createApp(services)) // PUBLIC_URL ends in /auth
 */
export function createApp(services: AppServices): Hono<AppEnv> {
  const ours = sameOrigin(services.config.publicUrl)
  const oursOrNull = sameOrigin(services.config.publicUrl, { allowNullOrigin: true })
  const app = new Hono<AppEnv>()

  app.use(announced(services))
  app.route('/api/v1', createApi(services))

  app.use(withServices(services), secureAnswers())
  app.notFound(errors.notFound)
  app.onError(errors.onError)

  app.get('/', login.goHome)
  app.get('/login', login.showLogin)
  app.post('/login', ours, login.submitLogin)
  app.post('/logout', ours, login.submitLogout)

  app.get('/register', ask.showRegister)
  app.post('/register', ours, ask.submitRegister)
  app.get('/register/:token', ask.showSent('register'), link.showConfirmRegistration)
  app.post('/register/:token', oursOrNull, link.submitConfirmRegistration)

  app.get('/reset_password', ask.showAskReset)
  app.post('/reset_password', ours, ask.submitAskReset)
  app.get('/reset_password/:token', ask.showSent('reset'), link.showNewPassword)
  app.post('/reset_password/:token', oursOrNull, link.submitNewPassword)

  app.get('/account', signedIn(), account.showAccount)
  app.post('/account/password', ours, signedIn(), account.submitPassword)
  app.post('/account/sessions/revoke', ours, signedIn(), account.revokeSessions)

  app.get('/.well-known/change-password', changePasswordUrl)
  app.get('/healthz', showHealth)

  // A mounted app's notFound is never asked; at the root of a host, the rest is the host's.
  if (createPaths(services.config.publicUrl).prefix !== '') app.all('*', errors.notFound)

  return app
}

/** What has its place at the root of a host, for apps that mount the rest below it. */
export function createWellKnown(services: AppServices): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  const known = [announced(services), withServices(services), secureAnswers()] as const
  app.onError(errors.onError)
  app.get('/.well-known/change-password', ...known, changePasswordUrl)
  app.get('/healthz', ...known, showHealth)
  return app
}
