/**
 * A file that holds password hashes: nobody else may read it, and it has its
 * name only when it is complete.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'

/** In characters: what is gathered before it is written. */
const BUFFER = 64 * 1024

export class PrivateFile implements AsyncDisposable {
  readonly #path: string
  readonly #part: string
  readonly #file: FileHandle
  #pending = ''

  private constructor(path: string, part: string, file: FileHandle) {
    this.#path = path
    this.#part = part
    this.#file = file
  }

  /** What an earlier run has left half-written is begun anew, with rights of its own. */
  static async create(path: string): Promise<PrivateFile> {
    const part = `${path}.part`
    await rm(part, { force: true })
    return new PrivateFile(path, part, await open(part, 'wx', 0o600))
  }

  async write(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= BUFFER) await this.#flush()
  }

  /** Gives it its name; without this, nothing is left. */
  async complete(): Promise<void> {
    await this.#flush()
    await this.#file.sync()
    await rename(this.#part, this.#path)
  }

  async #flush(): Promise<void> {
    await this.#file.appendFile(this.#pending)
    this.#pending = ''
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
    await rm(this.#part, { force: true })
  }
}
