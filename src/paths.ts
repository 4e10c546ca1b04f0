/**
 * Every URL of the service, derived from `PUBLIC_URL`: no request decides where
 * a link points (OWASP Forgot Password, "URL Tokens").
 */

export type Paths = ReturnType<typeof createPaths>

export function createPaths(publicUrl: URL) {
  const prefix = publicUrl.pathname.replace(/\/+$/, '')
  const base = `${publicUrl.origin}${prefix}`
  return {
    prefix,
    home: prefix === '' ? '/' : prefix,
    login: `${prefix}/login`,
    logout: `${prefix}/logout`,
    register: `${prefix}/register`,
    registerSent: `${prefix}/register/sent`,
    reset: `${prefix}/reset_password`,
    resetSent: `${prefix}/reset_password/sent`,
    account: `${prefix}/account`,
    accountPassword: `${prefix}/account/password`,
    revokeSessions: `${prefix}/account/sessions/revoke`,
    /** For mails and the JSON API: absolute. */
    absolute: { api: `${base}/api/v1`, login: `${base}/login`, reset: `${base}/reset_password` },
    resetLink: (token: string) => `${base}/reset_password/${token}`,
    registerLink: (token: string) => `${base}/register/${token}`,
  }
}
