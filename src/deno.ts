/**
 * The composition root on Deno: `deno run` with the permissions that
 * docs/deploy.md names.
 */
import { endOnSignals, environment, startDenoServer } from './deno-server.ts'

const server = await startDenoServer(environment)
if (server === null) Deno.exit(1)
endOnSignals(server)
console.log(`app ${server.origin}`)
