/** A folder for databases that goes with the process, however that ends: Miniflare exits by itself on Ctrl-C. */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export async function makeTemporaryFolder(): Promise<Disposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sparekey-bench-'))
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', remove)
  return {
    path,
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}
