/**
 * The composition root on Deno: `deno run` with the permissions that
 * docs/deploy.md names.
 */
import { startDenoServer } from './deno-server.ts'

const env = Deno.env.toObject()
const server = await startDenoServer(env)
if (server === null) Deno.exit(1)
console.log(`app http://${env['HOST'] ?? '127.0.0.1'}:${server.port}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  Deno.addSignalListener(signal, () => void server[Symbol.asyncDispose]().then(() => Deno.exit(0)))
}
