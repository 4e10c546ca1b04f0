/**
 * Pages that say the same to everybody, rendered once for each language: what
 * people see first costs no more than sending its bytes.
 */
import { html } from 'hono/html'
import type { JSX } from 'hono/jsx/jsx-runtime'
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
): Response | Promise<Response> {
  const view = c.get('view') // Of `c.var`, Hono makes a new object at each look.
  const page = rendered.get(view)?.get(state)
  return page === undefined ? renderFirst(c, { view, state, render }) : answer(c, page)
}

interface FirstRender {
  view: View
  state: string
  render: () => JSX.Element
}

async function renderFirst(c: AppContext, { view, state, render }: FirstRender) {
  const page = new TextEncoder().encode((await html`${await render()}`).toString())
  const pages = rendered.get(view) ?? new Map<string, Uint8Array<ArrayBuffer>>()
  rendered.set(view, pages.set(state, page))
  return answer(c, page)
}

function answer(c: AppContext, page: Uint8Array<ArrayBuffer>): Response {
  return c.body(page, 200, { 'Content-Type': 'text/html; charset=UTF-8' })
}
