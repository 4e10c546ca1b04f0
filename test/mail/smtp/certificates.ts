/** A throw-away authority for these tests, and leaves of it: one good, three that a careful client refuses. */
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const HOUR = 60 * 60 * 1000 // ms

/** Makes a set and writes the authority where NODE_EXTRA_CA_CERTS can name it. */
export async function makeCertificates() {
  const keys = await makeKeys()
  const authority = await makeAuthority('Throw-away CA')
  const stranger = await makeAuthority('Somebody else')
  const leaf = (issuer: Authority, host: string, until: number) => sign(issuer, keys, host, until)
  const caFile = join(await mkdtemp(join(tmpdir(), 'sparekey-ca-')), 'ca.pem')
  await writeFile(caFile, authority.certificate.toString('pem'))
  const key = await privatePem(keys)
  return {
    caFile,
    key,
    cert: await leaf(authority, 'localhost', HOUR),
    expired: await leaf(authority, 'localhost', -HOUR),
    otherHost: await leaf(authority, 'other.example.test', HOUR),
    otherCa: await leaf(stranger, 'localhost', HOUR),
  }
}

interface Authority {
  certificate: x509.X509Certificate
  keys: CryptoKeyPair
}

async function makeAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...term(HOUR),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  return { certificate, keys }
}

async function sign(authority: Authority, keys: CryptoKeyPair, host: string, until: number) {
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: authority.certificate.subject,
    ...term(until),
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  })
  return certificate.toString('pem')
}

function makeKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function privatePem({ privateKey }: CryptoKeyPair) {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
}

function term(until: number) {
  return { notBefore: new Date(Date.now() - 2 * HOUR), notAfter: new Date(Date.now() + until) }
}
