/**
 * What every page is given beside its own state: the words, the language, and
 * what the service is called and where it lives.
 */
import type { Locale, Words } from './locales/index.ts'

export interface View {
  locale: Locale
  t: Words
  appName: string
  paths: Paths
}

/** Where the links and forms of a page lead, below whatever prefix the service is mounted at. */
export interface Paths {
  home: string
  login: string
  logout: string
  register: string
  reset: string
  account: string
  accountPassword: string
  revokeSessions: string
}
