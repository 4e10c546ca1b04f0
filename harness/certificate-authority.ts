/**
 * Signs the throw-away certificates: an authority whose key is forgotten once it
 * has signed, the leaf that servers show, and three bad leaves for faults.
 *
 * There are no name constraints: workerd's BoringSSL refuses every certificate
 * below an authority that constrains IP addresses.
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
    makeAuthority('Throw-away mail harness CA'),
    makeAuthority('Somebody else'),
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

async function makeAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...fromNow(),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
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
