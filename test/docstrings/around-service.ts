/** What stands around the examples in the service's docstrings. */
import type { D1Database } from '@cloudflare/workers-types'
import type { Hono } from 'hono'
import type { EmailAddress } from '../../src/account/address.ts'
import type { ImportDefaults } from '../../src/account/imported-account.ts'
import type { LegacyLinks } from '../../src/account/legacy-link.ts'
import type { Passwords } from '../../src/account/password-hash.ts'
import type { Store } from '../../src/account/services.ts'
import type { AppContext, AppServices } from '../../src/http/context.ts'
import type { DoctorTools } from '../../src/mail/doctor.ts'
import type { Message, Sender } from '../../src/mail/message.ts'
import type { SmtpSettings } from '../../src/mail/smtp/transport.ts'
import type { Platform } from '../../src/service.ts'
import type { Environment } from '../../src/setting-reader.ts'

export { Hono } from 'hono'
export { createApp, createWellKnown } from '../../src/app.tsx'
export { createSmtpTransport } from '../../src/mail/smtp/transport.ts'
export { schemas } from '../../src/http/api/schemas.ts'
export { parseConfig } from '../../src/config.ts'
export { createServices } from '../../src/service.ts'

export declare const c: AppContext
export declare const db: D1Database
export declare const defaults: ImportDefaults
export declare const env: Environment
export declare const error: unknown
export declare const host: Hono
export declare const key: string
export declare const links: LegacyLinks
export declare const message: Message
export declare const passwords: Passwords
export declare const platform: Platform
export declare const sender: Sender
export declare const from: Sender
export declare const to: EmailAddress
export declare const text: string
export declare const html: string
export declare const date: Date
export declare const services: AppServices
export declare const settings: SmtpSettings
export declare const store: Store
export declare const tools: DoctorTools
export declare function greet(accountId: string): Promise<void>
export declare function inBackground(work: Promise<void>): void
export declare function log(line: unknown): void
