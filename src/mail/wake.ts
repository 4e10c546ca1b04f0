/**
 * Wishes for delivery, made one: a delivery takes all that is due, so what is asked
 * for while a wish has yet to go out needs none of its own.
 */
import type { Traffic } from './give-way.ts'

/** In milliseconds: what a wish waits for a moment without requests. */
const LONGEST_WAIT = 250
/** In milliseconds. A wish that has not gone out by then never will: its request was dropped. */
const LOST = 2000

/** To be called when the row is in the outbox. Wakes delivery as soon as nobody asks for anything. */
export function createWake(traffic: Traffic, wakeDelivery: () => void): () => Promise<void> {
  let waitingSince: number | undefined
  return async function wake() {
    if (waitingSince !== undefined && Date.now() - waitingSince < LOST) return
    waitingSince = Date.now()
    await traffic.giveWay(LONGEST_WAIT)()
    waitingSince = undefined // What is asked for from here on may come after the delivery's look.
    wakeDelivery()
  }
}
