/** Checks of a message, made when they are asked for. */
import { HttpProblem, type HttpContext } from '../context.ts'
import { checkHtml } from './html-check.ts'
import { checkLinks } from './link-check.ts'
import { chosen } from './messages.ts'

export async function htmlCheck(context: HttpContext) {
  const { html } = await (await chosen(context)).parse()
  if (html === '') throw new HttpProblem(400, 'message does not contain HTML')
  return context.json(await checkHtml(html))
}

/** The only thing in the harness that ever opens a link. */
export async function linkCheck(context: HttpContext) {
  const message = await (await chosen(context)).parse()
  const follow = ['true', '1'].includes(context.req.query('follow') ?? '')
  return context.json(await checkLinks(message.links, follow))
}
