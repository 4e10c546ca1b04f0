import type { Link } from '../message/links.ts'

/** The link that a mail is about: one that carries a secret, else the first to the web that is not for leaving a list. */
export function mainLink(links: Link[]): Link | undefined {
  const web = links.filter(({ href }) => /^https?:/i.test(href))
  const asking = web.filter(
    ({ href, text }) => !/unsubscribe|abmelden|privacy|imprint/i.test(`${href} ${text}`),
  )
  return asking.find(({ href }) => /[\w.-]{20,}(?:$|[?#&])/.test(href)) ?? asking[0] ?? web[0]
}
