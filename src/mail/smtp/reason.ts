/** Why a connection broke, as far as runtimes tell. */

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'the connection broke'
}

/** Workerd keeps the reason to itself, and writes it to its standard error. */
export function tlsReasonOf(cause: unknown): string {
  const reason = reasonOf(cause)
  if (!reason.startsWith('internal error')) return reason
  return 'the certificate is not trusted or not for this host, or the server broke off'
}
