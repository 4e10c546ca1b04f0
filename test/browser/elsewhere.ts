/** Another site, for what a page there may try. */
import { once } from 'node:events'
import { createServer } from 'node:http'

/** Serves one page where no page of ours is: `localhost` is another site than `127.0.0.1`. */
export async function serveElsewhere(html: string) {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end(html)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot serve a page')
  return {
    url: `http://localhost:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
