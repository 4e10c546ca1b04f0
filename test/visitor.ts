/**
 * Somebody with a browser that runs no scripts: keeps cookies, sends forms,
 * follows no redirect by itself.
 */

let strangers = 0

export class Visitor {
  readonly #url: URL
  readonly #ip: string
  readonly #cookies = new Map<string, string>()

  /** Every visitor comes from an address of its own, unless one is given. */
  constructor(url: URL, ip = nextAddress()) {
    this.#url = url
    this.#ip = ip
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers })
  }

  /** Sends a form the way a browser does. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
        ...headers,
      },
    })
  }

  async send(path: string, { headers = {}, ...init }: VisitorRequest = {}) {
    const url = path.startsWith('http')
      ? new URL(new URL(path).pathname, this.#url)
      : new URL(path, this.#url)
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        'CF-Connecting-IP': this.#ip,
        // Miniflare would compress each answer, and it is read here at once.
        'Accept-Encoding': 'identity',
        'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        ...(this.#cookies.size > 0 && { Cookie: this.cookieHeader }),
        ...headers,
      },
    })
    this.#remember(response.headers.getSetCookie())
    return readAnswer(response)
  }

  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  #remember(setCookies: readonly string[]) {
    for (const header of setCookies) {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
      const [name = '', value = ''] = pair.split('=')
      const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute))
      if (gone) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}

export type VisitorRequest = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }

export interface Answer {
  status: number
  headers: Headers
  body: string
  /** The path and query of a redirect. */
  location: string | null
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  return { status, headers, body: await response.text(), location: headers.get('Location') }
}

/** RFC 2544 §C.2.2's block for benchmarks: nobody's address. */
function nextAddress(): string {
  strangers += 1
  return `198.${18 + (strangers >> 16)}.${(strangers >> 8) & 255}.${strangers & 255}`
}
