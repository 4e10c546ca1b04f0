/** Plays on Deno: a line of JSON comes in on standard input, one with what came of it goes out. */
import process from 'node:process'
import { createInterface } from 'node:readline'
import { denoConnect } from '../../../src/platform/deno-sockets.ts'
import { play } from './play.ts'

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await play(denoConnect(), JSON.parse(line))))
}
Deno.exit(0)
