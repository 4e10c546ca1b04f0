/** `/view/…`: the parts of a message alone, for tests in a browser. */
import type { Captured } from '../../mailbox/captured.ts'
import type { Message } from '../../message/message.ts'
import { HttpProblem, kept, type HttpContext } from '../context.ts'
import { latest } from './messages.ts'

/** `/view/{id}.html` and `/view/{id}.txt`; `latest` is an id too. */
export async function render(context: HttpContext) {
  const [id = '', kind] = (context.req.param('file') ?? '').split('.')
  const captured = id === 'latest' ? await latest(context) : kept(context, id)
  const message = await captured.parse()
  if (kind === 'txt') return context.text(message.text)
  if (message.html === '') throw new HttpProblem(404, 'This message does not contain a HTML part')
  const html = withLinkedImages(message, captured)
  return context.html(context.req.query('embed') === '1' ? embedded(html) : html, 200, {
    'Content-Security-Policy': mailPolicy,
  })
}

export async function redirectToLatest(context: HttpContext) {
  const newest = await latest(context).catch((error: unknown) => {
    if (error instanceof HttpProblem) return undefined
    throw error
  })
  return context.redirect(newest === undefined ? '/' : `/view/${newest.id}`)
}

/** Opened by itself, mail may show pictures but runs nothing and sends no form. */
const mailPolicy =
  "default-src 'none'; img-src * data:; style-src 'unsafe-inline' *; font-src * data:; sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin"

/** Pictures that come with the message, by their `cid:`, as addresses of the API. */
function withLinkedImages({ html, attachments }: Message, { id }: Captured) {
  return attachments.reduce(
    (linked, { contentId }, index) =>
      contentId === ''
        ? linked
        : linked.replaceAll(`cid:${contentId}`, `/api/v1/message/${id}/part/${index + 1}`),
    html,
  )
}

/** Links open beside the frame. */
function embedded(html: string) {
  return html.replace(/<a\s(?![^>]*\btarget=)/gi, '<a target="_blank" rel="noreferrer noopener" ')
}
