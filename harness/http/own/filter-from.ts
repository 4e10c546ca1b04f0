import type { FilterFields, TextFilter } from '../../inbox/filter.ts'
import { HttpProblem, type HttpContext } from '../context.ts'

/** Query fields of a wait: text that must be contained, or `/pattern/flags`. */
export function filterFrom(context: HttpContext): FilterFields {
  const text = (name: string) => {
    const value = context.req.query(name)
    return value === undefined ? {} : { [name]: textFilter(value) }
  }
  const since = context.req.query('since')
  if (since !== undefined && !/^\d{1,15}$/.test(since)) {
    throw new HttpProblem(422, '`since` is a cursor, as /api/inboxes gives it')
  }
  return {
    ...text('subject'),
    ...text('from'),
    ...text('to'),
    ...text('body'),
    ...(since !== undefined && { since: Number(since) }),
  }
}

/** `/…/flags` is a pattern, anything else is text. Throws `HttpProblem` for a pattern that is none. */
export function textFilter(value: string): TextFilter {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(value) ?? []
  if (source === undefined) return value
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw new HttpProblem(422, error instanceof Error ? error.message : 'Not a pattern')
  }
}
