/** What strangers see while the settings are wrong: nothing that tells which. */
export function misconfigured(): Response {
  return new Response('Not available right now.\n', {
    status: 503,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Retry-After': '60',
      'Cache-Control': 'no-store',
    },
  })
}
