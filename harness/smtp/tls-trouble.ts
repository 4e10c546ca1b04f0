/** What went wrong below SMTP, in words that say what to do. */

/** What OpenSSL says when a client breaks the handshake off because it does not know the authority. */
export function explain(error: Error) {
  const said = opensslWords(error)
  const distrusted = /alert (unknown ca|bad certificate|certificate unknown)/i.test(said)
  return distrusted
    ? `TLS refused by the client: it does not trust this authority; start it with NODE_EXTRA_CA_CERTS set to ca.pem, or pass \`caFile\` (${said})`
    : `TLS or socket error: ${said}`
}

/** smtp-server puts words of its own in their place, and keeps them under `meta`. */
function opensslWords(error: Error): string {
  const meta: unknown = Reflect.get(error, 'meta')
  const words: unknown =
    typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'message') : undefined
  return typeof words === 'string' ? words : error.message
}
