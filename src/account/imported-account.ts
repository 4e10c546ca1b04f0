/**
 * What becomes an account when it comes from another app, and what does not.
 *
 * A row is text as it stands there. Its password hash is taken as it is, when
 * its format is one that people can log in with; it is replaced at that log-in.
 */
import { parseAddress } from './address.ts'
import { nameOfFormat } from './password-formats/index.ts'
import { USERNAME_MAX_LENGTH } from './username.ts'

/** The credential version of an account that nothing has happened to since it was imported. */
export const IMPORTED_CREDENTIAL_VERSION = 1

/** A row number, a UUID or the like: no control characters, no half of a surrogate pair. */
const LEGACY_ID = /^[^\p{Cc}\p{Cs}]{1,255}$/u

/** Columns of another app, or of an export of ours; null or missing where there is none. */
export interface ForeignRow {
  /** What links of that app name. */
  legacyId?: string | null
  address?: string | null
  passwordHash?: string | null
  username?: string | null
  locale?: string | null
  /** A time in words or in Unix seconds. */
  createdAt?: string | null
  /** Whether its owner may log in; false only when it plainly says so. */
  active?: string | null
  /** Only in an export of ours. */
  id?: string | null
  credentialVersion?: string | null
  provenAt?: string | null
  disabledAt?: string | null
}

export interface ImportedAccount {
  id: string
  address: string
  addressKey: string
  username: string
  passwordHash: string
  credentialVersion: number
  /** Null when nobody has said one. */
  locale: string | null
  legacyId: string | null
  /** All times in Unix seconds. */
  provenAt: number | null
  disabledAt: number | null
  createdAt: number
}

export type ImportRefusal = 'bad-address' | 'unknown-hash' | 'bad-id' | 'bad-export'

export type ReadRow = { ok: true; account: ImportedAccount } | { ok: false; reason: ImportRefusal }

export interface ImportDefaults {
  /** Of rows that name no language of ours; null leaves it to whoever asks for a link. */
  locale: string | null
  isLocale: (text: string) => boolean
  /** Unix seconds. */
  now: number
  newId: () => string
}

/**
 * Reads one row; nobody has proven the mailbox of an account that comes from another app.
 *
 * @example
 * toImportedAccount({ legacyId: '7', address: 'ana@example.com', passwordHash: '$2b$12$…' }, defaults)
 */
export function toImportedAccount(row: ForeignRow, defaults: ImportDefaults): ReadRow {
  const address = parseAddress(row.address ?? '')
  if (address === null) return { ok: false, reason: 'bad-address' }
  const passwordHash = row.passwordHash ?? ''
  if (nameOfFormat(passwordHash) === null) return { ok: false, reason: 'unknown-hash' }
  const legacyId = row.legacyId === '' ? null : (row.legacyId ?? null)
  if (legacyId !== null && !LEGACY_ID.test(legacyId)) return { ok: false, reason: 'bad-id' }
  const state = isExported(row) ? readExported(row) : readForeign(row, defaults)
  if (state === null) return { ok: false, reason: 'bad-export' }
  const account = {
    address: address.typed,
    addressKey: address.key,
    username: toUsername(row.username) ?? toUsername(address.typed.split('@')[0]) ?? 'account',
    passwordHash,
    locale: row.locale && defaults.isLocale(row.locale) ? row.locale : defaults.locale,
    legacyId,
    createdAt: toTime(row.createdAt) ?? defaults.now,
    ...state,
  }
  return { ok: true, account }
}

type State = Pick<ImportedAccount, 'id' | 'credentialVersion' | 'provenAt' | 'disabledAt'>

function readForeign({ active }: ForeignRow, { now, newId }: ImportDefaults): State {
  const barred = active !== undefined && active !== null && /^(?:0|f|false|no|n)$/i.test(active)
  return {
    id: newId(),
    credentialVersion: IMPORTED_CREDENTIAL_VERSION,
    provenAt: null,
    disabledAt: barred ? now : null,
  }
}

/** Only an export of ours says how often the credentials have changed. */
function isExported({ credentialVersion }: ForeignRow): boolean {
  return credentialVersion !== undefined
}

/** The account as it was, its links and what was proven about it with it; null when the text was tampered with. */
function readExported({ id, credentialVersion, provenAt, disabledAt }: ForeignRow): State | null {
  const version = Number(credentialVersion)
  if (!/^[\w-]{12}$/.test(id ?? '') || !(Number.isSafeInteger(version) && version >= 1)) return null
  return {
    id: id ?? '',
    credentialVersion: version,
    provenAt: toTime(provenAt),
    disabledAt: toTime(disabledAt),
  }
}

/** A name that can be shown; nobody loses their account over it. */
function toUsername(text: string | null | undefined): string | null {
  const shown = (text ?? '')
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .normalize('NFC')
    .trim()
  const name = Array.from(shown).slice(0, USERNAME_MAX_LENGTH).join('').trim()
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? name : null
}

/** Unix seconds, or a date as databases print it, in UTC unless it says otherwise. */
function toTime(text: string | null | undefined): number | null {
  if (text === undefined || text === null || text === '') return null
  if (/^\d{1,11}(?:\.\d+)?$/.test(text)) return Math.floor(Number(text))
  const inWords = text.trim().replace(' ', 'T')
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(inWords) ? inWords : `${inWords}Z`)
  return Number.isNaN(time) || time < 0 ? null : Math.floor(time / 1000)
}
