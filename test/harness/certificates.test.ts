import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { CertificateError, loadCertificates, startMailServer } from '../../harness/index.ts'

let folder: string

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'certificates-')), 'kept')
})

afterEach(() => rm(join(folder, '..'), { recursive: true }))

test('a folder is filled once, and read from then on', async () => {
  const made = await loadCertificates(folder)
  expect(await loadCertificates(folder)).toEqual(made)
  expect(made.caFile).toBe(join(folder, 'ca.pem'))
  expect(await readFile(made.caFile, 'utf8')).toBe(made.ca)
})

test('many who start at once end with one authority', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => loadCertificates(folder)))
  expect(new Set(all.map(({ ca }) => ca)).size).toBe(1)
  expect(await readdir(folder)).not.toContain('lock')
})

test('the key is for its owner alone, and the key of the authority is nowhere', async () => {
  const { key } = await loadCertificates(folder)
  expect((await stat(join(folder, 'key.pem'))).mode & 0o777).toBe(0o600)
  const texts = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
  )
  expect(texts.filter((text) => text.includes('PRIVATE KEY'))).toEqual([key])
})

test('the leaf is for loopback and the names that were asked for', async () => {
  const { ca, cert } = await loadCertificates(folder, { hosts: ['mail.internal', '10.1.2.3'] })
  const leaf = new X509Certificate(cert)
  expect(leaf.verify(new X509Certificate(ca).publicKey)).toBe(true)
  for (const host of ['localhost', 'mail.internal']) expect(leaf.checkHost(host)).toBe(host)
  for (const address of ['127.0.0.1', '::1', '10.1.2.3'])
    expect(leaf.checkIP(address)).toBe(address)
  expect(leaf.checkHost('example.com')).toBeUndefined()
})

test('a name that is missing, a part that is broken: made anew', async () => {
  const first = await loadCertificates(folder)
  const wider = await loadCertificates(folder, { hosts: ['mail.internal'] })
  expect(wider.ca).not.toBe(first.ca)
  await writeFile(join(folder, 'key.pem'), 'no key')
  expect((await loadCertificates(folder)).ca).not.toBe(wider.ca)
})

test('what cannot be a folder is named in the error', async () => {
  await writeFile(folder, '')
  await expect(loadCertificates(folder)).rejects.toThrow(CertificateError)
  await expect(loadCertificates(folder)).rejects.toThrow(
    `Cannot use the certificates in ${folder}: `,
  )
})

test('what a server made for itself is gone when it stops', async () => {
  const mail = await startMailServer()
  expect((await stat(mail.caFile)).isFile()).toBe(true)
  await mail.stop()
  await expect(stat(mail.caFile)).rejects.toThrow('ENOENT')
})

test('servers of one process share an authority, and no folder', async () => {
  await using one = await startMailServer()
  await using other = await startMailServer()
  await using named = await startMailServer({ hosts: ['mail.internal'] })
  expect(other.certificates.ca).toBe(one.certificates.ca)
  expect(other.caFile).not.toBe(one.caFile)
  expect(named.certificates.ca).not.toBe(one.certificates.ca)
  expect(new X509Certificate(named.certificates.cert).checkHost('mail.internal')).toBeDefined()
})

test('what is about to expire is shared no longer', async () => {
  const hosts = ['soon.internal']
  await using before = await startMailServer({ hosts })
  const lastDay = Date.parse(new X509Certificate(before.certificates.cert).validTo) - 60_000
  vi.setSystemTime(lastDay)
  onTestFinished(() => void vi.useRealTimers())
  await using after = await startMailServer({ hosts })
  expect(after.certificates.ca).not.toBe(before.certificates.ca)
})

test('the authority is believed for loopback, and for nobody else', async () => {
  await using mail = await startMailServer({ certificates: folder })
  const handshake = (servername: string) =>
    new Promise<string>((resolve) => {
      const socket = connect({
        port: mail.smtps?.port ?? 0,
        host: '127.0.0.1',
        ca: mail.certificates.ca,
        servername,
      })
      socket.once('secureConnect', () => resolve(`trusted by ${socket.getProtocol()}`))
      socket.once('error', (error) => resolve(error.message))
    })
  expect(await handshake('localhost')).toBe('trusted by TLSv1.3')
  expect(await handshake('example.com')).toContain('does not match')
})
