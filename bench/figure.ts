/** A figure, what it is measured against, and the table of them all. */

export interface Figure {
  what: string
  /** The median of the rounds, with its unit. */
  ours: string
  /** Of the ratio where there is one, else of the figure: the least and the most of the rounds. */
  spread?: readonly [number, number] | undefined
  /** Of single answers, in milliseconds. */
  latency?: Latency | undefined
  /** Of workerd, for each of what is counted, in milliseconds. */
  cpu?: number | undefined
  /** Measured in the same run, with its unit; empty where the target is an absolute one. */
  baseline: string
  /** Of ours to the baseline, the median of the rounds; null without a baseline. */
  ratio: number | null
  target: string
  /** Null where nothing was aimed at. */
  met: boolean | null
}

export interface Latency {
  p50: number
  p99: number
}

const HEAD = ['figure', 'here', 'p50', 'p99', 'CPU', 'baseline', 'ratio', 'spread', 'target', 'met']

/** One line for each figure, in columns; p50, p99 and CPU in milliseconds. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(toRow)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

function toRow(figure: Figure): string[] {
  const { what, ours, latency, cpu, baseline, ratio, spread, target, met } = figure
  const verdict = met === null ? '' : met ? 'yes' : 'NO'
  return [
    ...[what, ours, cell(latency?.p50, 1), cell(latency?.p99, 1), cell(cpu, 2)],
    ...[baseline, cell(ratio ?? undefined, 2)],
    spread === undefined ? '' : spread.map((each) => each.toFixed(2)).join('–'),
    ...[target, verdict],
  ]
}

function cell(value: number | undefined, digits: number): string {
  return value === undefined ? '' : value.toFixed(digits)
}

export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5)
}

export function spreadOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

export function latencyOf(milliseconds: readonly number[]): Latency {
  return { p50: quantileOf(milliseconds, 0.5), p99: quantileOf(milliseconds, 0.99) }
}

function quantileOf(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN
}
