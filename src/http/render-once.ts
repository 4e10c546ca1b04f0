/**
 * Pages that say the same to everybody, rendered once for each language: what
 * people see first costs no more than sending its bytes.
 */
import { html } from 'hono/html'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { View } from '../../templates/view.ts'
import type { AppContext } from './context.ts'

/** As UTF-8: a page in any language is otherwise encoded anew for every answer. */
const rendered = new WeakMap<View, Map<string, Uint8Array<ArrayBuffer>>>()

/**
 * Answers with a page. `state` names it and all that it shows beside the view. It
 * comes from a closed list: nothing that a stranger sent may be part of it, for it
 * is kept.
 */
export function renderOnce(
  c: AppContext,
  state: string,
  render: () => JSX.Element,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const view = c.get('view') // Of `c.var`, Hono makes a new object at each look.
  const page = rendered.get(view)?.get(state)
  if (page !== undefined) return answer(c, page, status)
  return renderFirst(c, { view, state, render, status })
}

interface FirstRender {
  view: View
  state: string
  render: () => JSX.Element
  status: ContentfulStatusCode
}

async function renderFirst(c: AppContext, { view, state, render, status }: FirstRender) {
  const page = new TextEncoder().encode((await html`${await render()}`).toString())
  const pages = rendered.get(view) ?? new Map<string, Uint8Array<ArrayBuffer>>()
  rendered.set(view, pages.set(state, page))
  return answer(c, page, status)
}

function answer(
  c: AppContext,
  page: Uint8Array<ArrayBuffer>,
  status: ContentfulStatusCode,
): Response {
  return c.body(page, status, { 'Content-Type': 'text/html; charset=UTF-8' })
}
