/**
 * A throw-away certificate authority and what it signed, kept in a folder.
 *
 * The authority's key is never written: it signs once and is forgotten, so a folder that
 * leaks can impersonate loopback and nothing else. Clients trust it by
 * `ca.pem`; workerd does when NODE_EXTRA_CA_CERTS names that file before it starts.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isErrno } from './errno.ts'

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  cert: string
  key: string
}

/** Which way a certificate is bad: out of date, for another name, or signed by a stranger. */
export type BadCertificate = 'expired' | 'other-host' | 'other-ca'

export interface Certificates extends KeyPair {
  /** The authority to trust, PEM. */
  ca: string
  /** Where `ca` is on disk, for NODE_EXTRA_CA_CERTS and `--cacert`. */
  caFile: string
  /** Certificates that a careful client refuses, for staging faults. */
  bad: Record<BadCertificate, KeyPair>
}

/** Says which folder of certificates cannot be used, with the reason as `cause`. */
export class CertificateError extends Error {
  override name = 'CertificateError'
}

/**
 * Reads the certificates in the folder `path`, or makes them when there are none that
 * last another day. Two processes that start at once end with the same set.
 *
 * The leaf is valid for localhost, 127.0.0.1, ::1 and `hosts`. Throws
 * `CertificateError` when the folder cannot be read or written.
 *
 * @example
 * const { caFile } = await loadCertificates('.sparekey/certificates')
 */
export async function loadCertificates(
  path: string,
  options: { hosts?: readonly string[] } = {},
): Promise<Certificates> {
  const folder = resolve(path)
  const hosts = options.hosts ?? []
  return naming(
    folder,
    async () => (await readUsable(folder, hosts)) ?? (await makeOnce(folder, hosts)),
  )
}

/**
 * Writes certificates into `folder`, which is its owner's alone: those that this process
 * minted for the same `hosts` before, or new ones. A test suite starts many servers:
 * one authority stands for all of them. Throws `CertificateError` as above.
 */
export async function writeTemporaryCertificates(
  folder: string,
  hosts: readonly string[],
): Promise<Certificates> {
  const key = JSON.stringify(hosts)
  const before = minted.get(key)
  return naming(folder, async () => {
    const pem = before !== undefined && isUsable(before, hosts) ? before : await mint(hosts)
    minted.set(key, pem)
    return write(folder, pem)
  })
}

/** By the hosts they are for. */
const minted = new Map<string, Pem>()

async function naming<T>(folder: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CertificateError(`Cannot use the certificates in ${folder}: ${reason}`, { cause })
  }
}

const files = {
  ca: 'ca.pem',
  cert: 'cert.pem',
  key: 'key.pem',
  expired: 'expired.pem',
  otherHost: 'other-host.pem',
  otherCa: 'other-ca.pem',
} as const

/** What each file holds. */
type Pem = Record<keyof typeof files, string>

async function readUsable(folder: string, hosts: readonly string[]) {
  const found = await readAll(folder)
  return found !== undefined && isUsable(found, hosts) ? assemble(folder, found) : undefined
}

async function readAll(folder: string): Promise<Pem | undefined> {
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  try {
    const [ca, cert, key, expired, otherHost, otherCa] = await Promise.all([
      read(files.ca),
      read(files.cert),
      read(files.key),
      read(files.expired),
      read(files.otherHost),
      read(files.otherCa),
    ])
    return { ca, cert, key, expired, otherHost, otherCa }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

function assemble(folder: string, pem: Pem): Certificates {
  const { ca, cert, key } = pem
  const bad = {
    expired: { cert: pem.expired, key },
    'other-host': { cert: pem.otherHost, key },
    'other-ca': { cert: pem.otherCa, key },
  }
  return { ca, cert, key, caFile: join(folder, files.ca), bad }
}

/** One day, so that nothing expires in the middle of a run. In milliseconds. */
const SPARE_TIME = 24 * 60 * 60 * 1000

/** A reader may meet a half-replaced set: the signature and the key tell whether its files belong together. */
function isUsable(found: Pem, hosts: readonly string[]) {
  try {
    const ca = new X509Certificate(found.ca)
    const leaf = new X509Certificate(found.cert)
    return (
      leaf.verify(ca.publicKey) &&
      leaf.checkPrivateKey(createPrivateKey(found.key)) &&
      Date.parse(leaf.validTo) > Date.now() + SPARE_TIME &&
      hosts.every((host) => leaf.checkHost(host) !== undefined || leaf.checkIP(host) !== undefined)
    )
  } catch {
    // Not PEM, or cut short: as good as missing.
    return false
  }
}

async function makeOnce(folder: string, hosts: readonly string[]): Promise<Certificates> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = await lock(join(folder, 'lock'))
  try {
    return (await readUsable(folder, hosts)) ?? (await write(folder, await mint(hosts)))
  } finally {
    await unlock()
  }
}

/** The library that signs is loaded by who needs it: most starts find what an earlier one left. */
async function mint(hosts: readonly string[]): Promise<Pem> {
  const { mintCertificates } = await import('./certificate-authority.ts')
  return mintCertificates(hosts)
}

async function write(folder: string, pem: Pem): Promise<Certificates> {
  await Promise.all(
    (Object.keys(files) as (keyof typeof files)[]).map((name) =>
      replaceFile(join(folder, files[name]), pem[name]),
    ),
  )
  return assemble(folder, pem)
}

async function replaceFile(file: string, content: string) {
  await writeFile(`${file}.new`, content, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Making a set takes well under a second; a lock older than this was left by a process that died. In milliseconds. */
const STALE_LOCK = 10_000

async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(path)
      return () => rm(path, { recursive: true, force: true })
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
      await breakStale(path)
      await sleep(20)
    }
  }
}

async function breakStale(path: string) {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > STALE_LOCK) await rm(path, { recursive: true, force: true })
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
}
