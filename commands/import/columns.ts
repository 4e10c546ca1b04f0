/**
 * Which column of another app holds what. Flask tutorials, their readers, Django
 * and Devise agree on few names, so they are found among these, or named by options.
 */
import type { ForeignRow } from '../../src/account/imported-account.ts'
import { UsageError } from '../run-command.ts'

export type Field = keyof ForeignRow

/** The column of each field that there is one for. */
export type Columns = Partial<Record<Field, string>>

/** In the order of likelihood. */
const usual: Partial<Record<Field, readonly string[]>> = {
  legacyId: ['id', 'user_id', 'uid', 'pk'],
  address: ['email', 'email_address', 'mail', 'address', 'user_email'],
  passwordHash: [
    'password_hash',
    'hashed_password',
    'pw_hash',
    'pwd_hash',
    'encrypted_password',
    'password',
  ],
  username: ['username', 'user_name', 'display_name', 'nickname', 'name'],
  locale: ['locale', 'language', 'lang'],
  createdAt: ['created_at', 'created', 'date_joined', 'joined_at', 'member_since', 'registered_on'],
  active: ['is_active', 'active', 'enabled'],
}

/** What `npm run export` writes; `credential_version` is what nobody else has. */
const exported: Readonly<Record<Field, string>> = {
  id: 'id',
  address: 'address',
  username: 'username',
  passwordHash: 'password_hash',
  credentialVersion: 'credential_version',
  locale: 'locale',
  legacyId: 'legacy_id',
  provenAt: 'proven_at',
  disabledAt: 'disabled_at',
  createdAt: 'created_at',
  active: 'active',
}

/** Null when no column of these can be an address, or none a password hash. */
export function findColumns(names: readonly string[], named: Columns = {}): Columns | null {
  const columns = isExport(names) ? intersect(exported, names) : { ...findUsual(names), ...named }
  return columns.address === undefined || columns.passwordHash === undefined ? null : columns
}

/** The same, with a word about what is missing. */
export function requireColumns(names: readonly string[], named: Columns = {}): Columns {
  const unknown = Object.values(named).filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new UsageError(`There is no column ${unknown.join(', ')}`)
  const columns = findColumns(names, named)
  if (columns !== null) return columns
  throw new UsageError(
    `Cannot tell which column holds the address and which the password hash: name them by --email and --password. There are ${names.join(', ')}`,
  )
}

function isExport(names: readonly string[]): boolean {
  return names.includes(exported.credentialVersion) && names.includes(exported.address)
}

function intersect(columns: Columns, names: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([, name]) => names.includes(name)))
}

function findUsual(names: readonly string[]): Columns {
  const found = Object.entries(usual).flatMap(([field, candidates]) => {
    const column = candidates.map((candidate) => findName(names, candidate)).find(isFound)
    return column === undefined ? [] : [[field, column] as const]
  })
  return Object.fromEntries(found)
}

function findName(names: readonly string[], wanted: string): string | undefined {
  return names.find((name) => name.toLowerCase() === wanted)
}

function isFound(name: string | undefined): name is string {
  return name !== undefined
}
