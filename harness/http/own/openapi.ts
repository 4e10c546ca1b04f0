/** The API described (OpenAPI 3.1), built from one table of its operations. */
import type { HttpContext } from '../context.ts'

interface Operation {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  summary: string
  query?: string[]
  body?: string
  status?: number
  type?: string
}

export function openApi(context: HttpContext) {
  return context.json({
    openapi: '3.1.0',
    info: {
      title: 'Mail harness',
      version: '1',
      description:
        'Under /api/v1 what Mailpit answers, in its shapes; beside it what Mailpit has not: waits that the server holds, links, codes, faults, transcripts, events.',
    },
    servers: [{ url: context.var.mail.url }],
    paths: paths(),
  })
}

function paths() {
  const all: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    all[operation.path] = { ...all[operation.path], [operation.method]: describe(operation) }
  }
  return all
}

function describe({ method, path, summary, query = [], body, status = 200, type }: Operation) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
  ]
  return {
    operationId: `${method}${path.replace(/^\/api/, '').replace(/[^a-zA-Z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: jsonBody(body) }),
    responses: { [status]: answer(summary, status, type), ...(path.includes('{') && missing) },
  }
}

function jsonBody(description: string) {
  return { description, content: { 'application/json': { schema: { type: 'object' } } } }
}

function answer(description: string, status: number, type = 'application/json') {
  return status === 204 ? { description } : { description, content: { [type]: {} } }
}

const missing = { 404: { description: 'Not kept' } }

const page = ['start', 'limit']
const waiting = ['subject', 'from', 'to', 'body', 'since', 'timeout', 'consume']
const text = 'text/plain'

/** In the order of the site map. */
const operations: Operation[] = [
  { method: 'get', path: '/api/v1/info', summary: 'What is kept, and since when' },
  { method: 'get', path: '/api/v1/webui', summary: 'What is switched on' },
  { method: 'get', path: '/api/v1/messages', summary: 'Messages, newest first', query: page },
  {
    method: 'put',
    path: '/api/v1/messages',
    summary: 'Marks messages read or unread',
    body: 'Read, IDs or Search',
    type: text,
  },
  {
    method: 'delete',
    path: '/api/v1/messages',
    summary: 'Deletes these messages, or all',
    body: 'IDs',
    type: text,
  },
  {
    method: 'get',
    path: '/api/v1/search',
    summary: 'Messages that a search finds',
    query: ['query', 'tz', ...page],
  },
  {
    method: 'delete',
    path: '/api/v1/search',
    summary: 'Deletes what a search finds',
    query: ['query', 'tz'],
    type: text,
  },
  {
    method: 'get',
    path: '/api/v1/message/{id}',
    summary: 'One message, marked as read',
    query: ['query'],
  },
  { method: 'get', path: '/api/v1/message/{id}/headers', summary: 'Its header fields' },
  {
    method: 'get',
    path: '/api/v1/message/{id}/raw',
    summary: 'Its source',
    query: ['dl'],
    type: text,
  },
  {
    method: 'get',
    path: '/api/v1/message/{id}/part/{part}',
    summary: 'An attachment',
    type: '*/*',
  },
  {
    method: 'get',
    path: '/api/v1/message/{id}/part/{part}/thumb',
    summary: 'A thumbnail',
    type: 'image/jpeg',
  },
  {
    method: 'get',
    path: '/api/v1/message/{id}/html-check',
    summary: 'Which clients show its HTML as meant',
  },
  {
    method: 'get',
    path: '/api/v1/message/{id}/link-check',
    summary: 'Opens its links by HEAD',
    query: ['follow'],
  },
  {
    method: 'post',
    path: '/api/v1/send',
    summary: 'Takes a message as if it had been sent',
    body: 'From, To, Cc, Bcc, ReplyTo, Subject, Text, HTML, Attachments, Headers, Tags',
  },
  { method: 'get', path: '/api/v1/tags', summary: 'Tags in use' },
  {
    method: 'put',
    path: '/api/v1/tags',
    summary: 'Sets the tags of messages',
    body: 'IDs, Tags',
    type: text,
  },
  { method: 'put', path: '/api/v1/tags/{tag}', summary: 'Renames a tag', body: 'Name', type: text },
  {
    method: 'delete',
    path: '/api/v1/tags/{tag}',
    summary: 'Takes a tag off every message',
    type: text,
  },
  { method: 'get', path: '/api/v1/chaos', summary: 'Failures by chance' },
  {
    method: 'put',
    path: '/api/v1/chaos',
    summary: 'Sets failures by chance',
    body: 'Sender, Recipient, Authentication',
  },
  {
    method: 'get',
    path: '/view/{id}.html',
    summary: 'The HTML part alone',
    query: ['embed'],
    type: 'text/html',
  },
  { method: 'get', path: '/view/{id}.txt', summary: 'The text part alone', type: text },
  { method: 'get', path: '/api/v1/message/{id}/links', summary: 'Its links, read by a parser' },
  {
    method: 'get',
    path: '/api/v1/message/{id}/codes',
    summary: 'Its one-time codes, likeliest first',
  },
  { method: 'get', path: '/api/v1/message/{id}/lint', summary: 'What is wrong with it' },
  {
    method: 'get',
    path: '/api/v1/message/{id}/transcript',
    summary: 'The SMTP session it came by',
  },
  {
    method: 'post',
    path: '/api/v1/message/{id}/bounce',
    summary: 'Sends a delivery report to its envelope sender (RFC 3464)',
    body: 'to, action, status, diagnostic',
    status: 204,
  },
  { method: 'get', path: '/api/transcripts', summary: 'Every SMTP session that is remembered' },
  {
    method: 'post',
    path: '/api/inboxes',
    summary: 'An inbox: of this address, or fresh',
    body: 'address',
    status: 201,
  },
  { method: 'get', path: '/api/inboxes/{address}', summary: 'What waits in an inbox' },
  {
    method: 'get',
    path: '/api/inboxes/{address}/wait',
    summary:
      'The next message that fits; held until it comes, 408 with what did come when time is out',
    query: waiting,
  },
  { method: 'get', path: '/api/wait', summary: 'The next message for anybody', query: waiting },
  { method: 'get', path: '/api/faults', summary: 'Staged faults' },
  {
    method: 'post',
    path: '/api/faults',
    summary: 'Stages a fault',
    body: 'at, inbox, to, from, times, after, code, text, delay, drop, hang, half, certificate, hide, keep, bounce',
    status: 201,
  },
  { method: 'delete', path: '/api/faults', summary: 'Takes every fault off', status: 204 },
  { method: 'delete', path: '/api/faults/{id}', summary: 'Takes a fault off', status: 204 },
  {
    method: 'get',
    path: '/api/stream',
    summary: 'Events: new, update, delete, prune, truncate, stats',
    type: 'text/event-stream',
  },
]
