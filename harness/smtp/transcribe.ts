/**
 * smtp-server's log, turned into transcripts: it already names the session and
 * blots out credentials.
 */
import type { SMTPServer } from 'smtp-server'
import type { Transcript } from './transcript.ts'

type Logger = SMTPServer['logger']

export function transcribe(transcriptOf: (id: string) => Transcript | undefined): Logger {
  const log = (entry: unknown, ...words: unknown[]) => {
    const { tnx, cid } = facts(entry)
    const transcript = cid === undefined ? undefined : transcriptOf(cid)
    if (transcript === undefined) return
    if (tnx === 'command') transcript.add('client', String(words[1]))
    if (tnx === 'send') transcript.add('server', String(words[1]))
    if (tnx === 'data') transcript.add('client', `(${numberOf(entry, 'bytes')} bytes of message)`)
    if (tnx === 'starttls') transcript.add('harness', `TLS ${String(words[1])}`)
  }
  return { trace: log, debug: log, info: log, warn: log, error: log, fatal: log }
}

function facts(entry: unknown): { tnx?: string; cid?: string } {
  if (typeof entry !== 'object' || entry === null) return {}
  const tnx: unknown = Reflect.get(entry, 'tnx')
  const cid: unknown = Reflect.get(entry, 'cid')
  return {
    ...(typeof tnx === 'string' && { tnx }),
    ...(typeof cid === 'string' && { cid }),
  }
}

function numberOf(entry: unknown, key: string) {
  return typeof entry === 'object' && entry !== null ? String(Reflect.get(entry, key)) : '?'
}
