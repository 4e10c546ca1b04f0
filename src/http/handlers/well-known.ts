import type { AppContext } from '../context.ts'
import { currentSession } from '../context.ts'

/** W3C "A Well-Known URL for Changing Passwords": where a password manager sends people. */
export async function changePasswordUrl(c: AppContext) {
  const { paths } = c.var.view
  return c.redirect((await currentSession(c)) === null ? paths.reset : paths.account, 303)
}
