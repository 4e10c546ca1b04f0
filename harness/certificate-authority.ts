/**
 * Signs the throw-away certificates: a name-constrained authority (RFC 5280
 * §4.2.1.10), the leaf that servers show, and three bad leaves for faults.
 */
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { isIP } from 'node:net'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** 90 days: long enough to keep a folder, short enough to throw it away. In milliseconds. */
const LIFETIME = 90 * 24 * 60 * 60 * 1000
const HOUR = 60 * 60 * 1000

interface Authority {
  certificate: x509.X509Certificate
  keys: CryptoKeyPair
}

interface Term {
  notBefore: Date
  notAfter: Date
}

/** Makes one set, all PEM; the leaves share one key. */
export async function mintCertificates(hosts: readonly string[]) {
  const names = ['localhost', '127.0.0.1', '::1', ...hosts]
  const [authority, stranger, keys] = await Promise.all([
    makeAuthority('Throw-away mail harness CA', names),
    makeAuthority('Somebody else', names),
    makeKeys(),
  ])
  const [cert, expired, otherHost, otherCa] = await Promise.all([
    sign(authority, keys, names, fromNow()),
    sign(authority, keys, names, longGone()),
    sign(authority, keys, ['other-host.test'], fromNow()),
    sign(stranger, keys, names, fromNow()),
  ])
  const ca = authority.certificate.toString('pem')
  return { ca, cert, key: await privatePem(keys), expired, otherHost, otherCa }
}

async function makeAuthority(name: string, names: string[]): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...fromNow(),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      nameConstraints(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, keys }
}

async function sign(authority: Authority, keys: CryptoKeyPair, names: string[], term: Term) {
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: authority.certificate.subject,
    ...term,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({
          type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
          value,
        })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  })
  return certificate.toString('pem')
}

function makeKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function privatePem(keys: CryptoKeyPair) {
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return x509.PemConverter.encode(der, 'PRIVATE KEY')
}

/** An hour back, for clocks that disagree. */
function fromNow(): Term {
  return { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + LIFETIME) }
}

function longGone(): Term {
  const end = Date.now() - 24 * HOUR
  return { notBefore: new Date(end - LIFETIME), notAfter: new Date(end) }
}

/** What the authority may vouch for: the names asked for, and `test`, which nobody can own (RFC 6761 §6.2). */
function nameConstraints(names: string[]) {
  const subtrees = ['test', ...names].map((name) => der(0x30, generalName(name)))
  const permitted = der(0xa0, Buffer.concat(subtrees))
  return new x509.Extension('2.5.29.30', true, new Uint8Array(der(0x30, permitted)))
}

/** dNSName is [2]; iPAddress is [7] and carries its mask (RFC 5280 §4.2.1.10). */
function generalName(name: string) {
  if (isIP(name) === 0) return der(0x82, Buffer.from(name, 'ascii'))
  const address = addressBytes(name)
  return der(0x87, Buffer.concat([address, Buffer.alloc(address.length, 0xff)]))
}

function addressBytes(name: string) {
  if (isIP(name) === 4) return Buffer.from(name.split('.').map(Number))
  const full = new URL(`http://[${name}]`).hostname.slice(1, -1)
  const [head = '', tail = ''] = full.split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const missing = 8 - groups(head).length - groups(tail).length
  const words = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex')
}

/** Tag, length, value (X.690 §8.1); lengths here stay below 65,536. */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), value])
}
