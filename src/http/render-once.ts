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
  const pages = rendered.get(c.var.view) ?? new Map<string, Uint8Array<ArrayBuffer>>()
  rendered.set(c.var.view, pages)
  const page = pages.get(state)
  return page === undefined ? renderFirst(c, { pages, state, render }) : answer(c, page)
}

interface FirstRender {
  pages: Map<string, Uint8Array<ArrayBuffer>>
  state: string
  render: () => JSX.Element
}

async function renderFirst(c: AppContext, { pages, state, render }: FirstRender) {
  const page = new TextEncoder().encode((await html`${await render()}`).toString())
  pages.set(state, page)
  return answer(c, page)
}

function answer(c: AppContext, page: Uint8Array<ArrayBuffer>): Response {
  return c.body(page, 200, { 'Content-Type': 'text/html; charset=UTF-8' })
}
