/**
 * Sparekey as a library: the same service inside an app of your own.
 *
 * On Workers, `sparekey/workers` makes it from `env`, on Deno `sparekey/deno`;
 * what is here is for those who put it together themselves, on a platform of
 * either or of their own: `createApp(createServices(platform))`.
 */
export { createApp, createWellKnown } from './app.tsx'
export {
  createService,
  createServices,
  type Platform,
  type RunningServices,
  type Service,
} from './service.ts'
export type { Events, Hooks } from './events.ts'
export { parseConfig, type Config, type ConfigResult, type MailSettings } from './config.ts'
export type { ConfigProblem, Environment } from './setting-reader.ts'
export type { AppEnv, AppServices } from './http/context.ts'
export type { SignedIn } from './http/session-of.ts'
export { createArgon2id, type Argon2id } from './account/argon2.ts'
export { createPasswords, type Passwords, type PasswordTools } from './account/password-hash.ts'
export { parseAddress, type EmailAddress } from './account/address.ts'
export { secureRandom, type Random } from './account/random.ts'
export type { Message } from './mail/message.ts'
export {
  createSmtpTransport,
  type Connection,
  type SmtpSettings,
  type Transport,
  type TransportOptions,
} from './mail/smtp/transport.ts'
export { SmtpError } from './mail/smtp/smtp-error.ts'
export {
  renderMail,
  type MailContent,
  type MailFrame,
  type RenderedMail,
  type RenderMail,
} from '../templates/mails/index.ts'
export type { Locale } from '../templates/locales/index.ts'
export type { Pages } from '../templates/pages/index.ts'
export { version } from './version.ts'
