/** A request beside what is measured, on a connection of its own: workerd ends those that were idle for five seconds. */
import { Agent, fetch, type RequestInit, type Response } from 'undici'

const dispatcher = new Agent({ pipelining: 0 })

/** Throws for an answer that is not good. */
export async function fetchOnce(path: string, at: URL, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(new URL(path, at), { ...init, dispatcher })
  if (!answer.ok) throw new Error(`Cannot measure: ${answer.status} from ${path}`)
  return answer
}
