/**
 * What the service on Deno is allowed: as little as it needs, by name.
 * docs/deploy.md shows the same for a server.
 */

/** Every variable that it reads; a star stands for the end of a name. */
export const ALLOWED_ENV = [
  'PUBLIC_URL,SECRET_KEY,SECRET_KEY_FALLBACKS,APP_*,MAIL_*,EMAIL_USER,EMAIL_PASS,ADMINS',
  'RESET_TOKEN_TTL,PASSWORD_MIN_LENGTH,PWNED_PASSWORDS,REGISTRATION,COOKIE_PREFIX,DEFAULT_LOCALE,LIMIT_*',
  'LEGACY_*,HEALTH_TOKEN,DATABASE,HOST,PORT,CLIENT_IP_HEADER',
].join(',')

export interface Reach {
  /** Where it listens and whom it connects to: hosts, each with a port or with all. */
  net: readonly string[]
  /** The database's folder: SQLite keeps files beside it. */
  folder: string
}

/** The arguments of `deno` that come before the file to run. */
export function runWith({ net, folder }: Reach): string[] {
  return [
    'run',
    '--no-prompt',
    `--allow-net=${net.join(',')}`,
    `--allow-env=${ALLOWED_ENV}`,
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
  ]
}
