/** What `wrangler types` would write, said shorter: bindings and settings are Sparekey's. */
import type { Env as AccountsEnv } from 'sparekey/workers'

declare global {
  namespace Cloudflare {
    interface Env extends AccountsEnv {}
  }
}
