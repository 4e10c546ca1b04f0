/**
 * What every page is given beside its own state: the words, the language, and
 * what the service is called, how it looks and where it lives.
 */
import type { Locale, Words } from './locales/index.ts'
import type { Brand } from './parts/brand.ts'

export interface View {
  locale: Locale
  t: Words
  appName: string
  brand: Brand
  paths: Paths
}

/** Where the links and forms of a page lead, below whatever prefix the service is mounted at. */
export interface Paths {
  home: string
  login: string
  logout: string
  register: string
  registerSent: string
  reset: string
  resetSent: string
  account: string
  accountPassword: string
  revokeSessions: string
}
