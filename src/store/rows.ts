import type { D1Result } from '@cloudflare/workers-types'

/** The first row that one statement of a batch gave, or null. */
export function firstRow<Row>(result: D1Result | undefined): Row | null {
  const rows = (result?.results ?? []) as Row[]
  return rows[0] ?? null
}

/** Whether one statement of a batch changed anything. */
export function hasChanged(result: D1Result | undefined): boolean {
  return (result?.meta.changes ?? 0) > 0
}
