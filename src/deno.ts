/**
 * The composition root on Deno: `deno run` with the permissions that
 * docs/deploy.md names.
 */
import { environment, startDenoServer } from './deno-server.ts'

const server = await startDenoServer(environment)
if (server === null) Deno.exit(1)
console.log(`app ${server.origin}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  Deno.addSignalListener(signal, () => void server[Symbol.asyncDispose]().then(() => Deno.exit(0)))
}
