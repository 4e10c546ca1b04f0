/**
 * Load: so many clients, each with a connection of its own that stays open, each
 * sending its next request when the last was answered.
 */
import { HttpConnection } from './http-connection.ts'
import type { ProcessMeter } from './process-meter.ts'

export interface Load {
  url: URL
  clients: number
  /** Requests in all. */
  count: number
  /** The request with that number, from `writeRequest`. */
  request: (n: number) => string
  /** Every answer must have it: no figure is taken with a limit in the way. */
  status: number
  workerd: ProcessMeter
}

export interface Sample {
  /** Answers in a second. */
  rate: number
  /** Of each answer, in milliseconds. */
  latencies: readonly number[]
  /** Of workerd, for one request, in milliseconds. */
  cpu: number
}

/** Sends everything. Throws when an answer has another status. */
export async function runLoad({ url, clients, count, ...load }: Load): Promise<Sample> {
  using connections = new DisposableStack()
  const opened = await Promise.all(Array.from({ length: clients }, () => HttpConnection.open(url)))
  for (const connection of opened) connections.use(connection)
  const latencies: number[] = []
  let next = 0
  const cpuBefore = load.workerd.cpu
  const start = performance.now()
  await Promise.all(
    opened.map(async (connection) => {
      while (next < count) {
        const request = load.request(next++)
        const sent = performance.now()
        const { status } = await connection.send(request)
        latencies.push(performance.now() - sent)
        if (status !== load.status)
          throw new Error(`Cannot measure: ${status} instead of ${load.status}: ${request}`)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  return { rate: count / seconds, latencies, cpu: (load.workerd.cpu - cpuBefore) / count }
}
