/** `POST /api/v1/send`: puts a message together and takes it as if it had come by SMTP. */
import { createTransport } from 'nodemailer'
import {
  HttpProblem,
  isObject,
  objectFrom,
  stringOf,
  stringsOf,
  type HttpContext,
} from '../context.ts'

/** Fields that the request has its own names for. */
const restricted = new Set(
  'to from cc bcc reply-to date subject content-type mime-version x-tags'.split(' '),
)

export async function send(context: HttpContext) {
  try {
    return context.json({ ID: await take(context) })
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error
    return context.json({ Error: error.message }, 400)
  }
}

async function take(context: HttpContext): Promise<string> {
  const body = await objectFrom(context)
  const { bcc, ...shown } = people(body)
  const to = [...shown.to, ...shown.cc, ...bcc].map((one) => one.address)
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await composer.sendMail({ ...shown, ...content(body) })
  const raw = Buffer.isBuffer(message) ? message : Buffer.from('')
  return context.var.mail.accept(raw, delivery(shown.from.address, to)).id
}

function delivery(from: string, to: string[]) {
  const envelope = { from, to, parameters: {} }
  return { envelope, tls: false, auth: false, hello: '', session: '' } as const
}

function people(body: Record<string, unknown>) {
  const [from] = addresses([body['From']], 'From')
  if (from === undefined) throw new HttpProblem(400, 'invalid From address: ')
  return {
    from,
    to: addresses(body['To'], 'To'),
    cc: addresses(body['Cc'], 'Cc'),
    bcc: stringsOf(body['Bcc'], 'Bcc').map((email) => address('', email, 'Bcc')),
    replyTo: addresses(body['ReplyTo'], 'Reply-To'),
  }
}

function content(body: Record<string, unknown>) {
  const html = stringOf(body['HTML'], 'HTML')
  return {
    subject: stringOf(body['Subject'], 'Subject'),
    text: stringOf(body['Text'], 'Text'),
    ...(html !== '' && { html }),
    headers: headers(body),
    attachments: list(body['Attachments'], 'Attachments').map(attachment),
  }
}

function headers(body: Record<string, unknown>) {
  const given = isObject(body['Headers']) ? body['Headers'] : {}
  const tags = stringsOf(body['Tags'], 'Tags')
  const own = Object.entries(given).map(([name, value]) => {
    if (restricted.has(name.toLowerCase())) {
      throw new HttpProblem(400, `cannot overwrite header: "${name}"`)
    }
    return { key: name, value: stringOf(value, name) }
  })
  return tags.length === 0 ? own : [...own, { key: 'X-Tags', value: tags.join(', ') }]
}

function addresses(value: unknown, name: string) {
  return list(value, name).map((item) =>
    address(stringOf(item['Name'], `${name}.Name`), stringOf(item['Email'], `${name}.Email`), name),
  )
}

function address(name: string, email: string, field: string) {
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(email)) {
    throw new HttpProblem(400, `invalid ${field} address: ${email}`)
  }
  return { name, address: email }
}

function attachment(item: Record<string, unknown>) {
  const filename = stringOf(item['Filename'], 'Filename')
  const encoded = stringOf(item['Content'], 'Content').split(',').at(-1) ?? ''
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(encoded)) {
    throw new HttpProblem(400, `error decoding base64 attachment "${filename}"`)
  }
  const contentType = stringOf(item['ContentType'], 'ContentType')
  const cid = stringOf(item['ContentID'], 'ContentID')
  return {
    filename,
    content: Buffer.from(encoded, 'base64'),
    ...(contentType !== '' && { contentType }),
    ...(cid !== '' && { cid, contentDisposition: 'inline' as const }),
  }
}

function list(value: unknown, name: string): Record<string, unknown>[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value) && value.every(isObject)) return value
  throw new HttpProblem(400, `${name} must be an array of objects`)
}
