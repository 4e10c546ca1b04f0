/** Plays on workerd: what is to be played comes in as JSON, what came of it goes out as JSON. */
import { runtimeConnect } from '../../../src/mail/smtp/runtime-connect.ts'
import { play } from './play.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await play(await runtimeConnect(), await request.json()))
  },
}
