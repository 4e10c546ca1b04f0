/** The service and a baseline under the same load, in turns, so that a busy moment of the machine hits both. */
import { type Figure, latencyOf, medianOf, spreadOf } from './figure.ts'
import type { Sample } from './load.ts'

/** How much is measured. */
export interface Effort {
  /** Beside one to warm up. */
  rounds: number
  /** At the same time; each of these is a figure. */
  clients: readonly number[]
}

export interface Comparison {
  what: string
  clients: number
  rounds: number
  ours: () => Promise<Sample>
  theirs: () => Promise<Sample>
  /** What the baseline is. */
  baseline: string
  /** The least that answers in a second may be of the baseline's. */
  least?: number
}

/** One round more than `rounds`, to warm up. */
export async function compareRates(comparison: Comparison): Promise<Figure> {
  const { what, clients, rounds, baseline, least } = comparison
  const taken: { ours: Sample; theirs: Sample }[] = []
  for (let round = -1; round < rounds; round++) {
    // In the other order every second time: what the one leaves behind, the other may carry.
    const isOursFirst = round % 2 === 0
    const first = isOursFirst ? await comparison.ours() : await comparison.theirs()
    const second = isOursFirst ? await comparison.theirs() : await comparison.ours()
    if (round < 0) continue
    taken.push(isOursFirst ? { ours: first, theirs: second } : { ours: second, theirs: first })
  }
  const ratios = taken.map(({ ours, theirs }) => ours.rate / theirs.rate)
  const ratio = medianOf(ratios)
  return {
    what: `${what}, ${countClients(clients)}`,
    ours: `${medianOf(taken.map(({ ours }) => ours.rate)).toFixed(0)}/s`,
    spread: spreadOf(ratios),
    latency: latencyOf(taken.flatMap(({ ours }) => ours.latencies)),
    cpu: medianOf(taken.map(({ ours }) => ours.cpu)),
    baseline: `${medianOf(taken.map(({ theirs }) => theirs.rate)).toFixed(0)}/s ${baseline}`,
    ratio,
    target: least === undefined ? '' : `at least ${least}`,
    met: least === undefined ? null : ratio >= least,
  }
}

export function countClients(clients: number): string {
  return clients === 1 ? 'one client' : `${clients} clients`
}
