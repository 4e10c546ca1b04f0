/**
 * Pages that say the same to everybody, rendered once for each language: what
 * people see first costs no more than sending it.
 */
import { html } from 'hono/html'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { View } from '../../templates/view.ts'

const rendered = new WeakMap<View, Map<string, string>>()

/**
 * `state` names the page and all that it shows beside the view. It comes from a
 * closed list: nothing that a stranger sent may be part of it, for it is kept.
 */
export async function renderOnce(
  view: View,
  state: string,
  render: () => JSX.Element,
): Promise<string> {
  const pages = rendered.get(view) ?? new Map<string, string>()
  rendered.set(view, pages)
  const page = pages.get(state) ?? (await html`${await render()}`).toString()
  pages.set(state, page)
  return page
}
