/** A figure, what it is measured against, and the table of them all. */

export interface Figure {
  what: string
  /** With its unit. */
  ours: string
  /** Measured in the same run, with its unit; empty where the target is an absolute one. */
  baseline: string
  /** Of ours to the baseline, the median of the rounds; null without a baseline. */
  ratio: number | null
  target: string
  /** Null where nothing was aimed at. */
  met: boolean | null
}

const HEAD = ['figure', 'here', 'baseline', 'ratio', 'target', 'met']

/** One line for each figure, in columns. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(toRow)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

function toRow({ what, ours, baseline, ratio, target, met }: Figure): string[] {
  const verdict = met === null ? '' : met ? 'yes' : 'NO'
  return [what, ours, baseline, ratio === null ? '' : ratio.toFixed(2), target, verdict]
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
