/** Requests that no client would send, as the bytes they are. */
import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends what there is, says that no more will come, and reads until the server has hung up. */
export async function sendAndEnd(url: URL, request: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text) => (answer += text))
  socket.on('error', () => {})
  socket.end(request)
  await once(socket, 'close')
  return answer
}
