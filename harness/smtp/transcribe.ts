/**
 * smtp-server's log, turned into transcripts: it already names the session and
 * blots out credentials.
 */
import type { SMTPServer } from 'smtp-server'
import type { Transcript } from './transcript.ts'

type Logger = SMTPServer['logger']

export function transcribe(transcriptOf: (id: string) => Transcript | undefined): Logger {
  const log = (entry: unknown, _prefix: unknown, line: unknown) => {
    if (!isEntry(entry)) return
    const transcript = transcriptOf(entry.cid)
    if (transcript !== undefined) record(transcript, entry, String(line))
  }
  const ignore = () => undefined
  return { trace: ignore, debug: log, info: log, warn: ignore, error: ignore, fatal: ignore }
}

interface Entry {
  tnx: unknown
  cid: string
  bytes?: unknown
}

function isEntry(entry: unknown): entry is Entry {
  return typeof entry === 'object' && entry !== null && 'tnx' in entry && 'cid' in entry
}

function record(transcript: Transcript, { tnx, bytes }: Entry, line: string) {
  if (tnx === 'command') transcript.add('client', line)
  else if (tnx === 'send') transcript.add('server', line)
  else if (tnx === 'data') transcript.add('client', `(${String(bytes)} bytes of message)`)
  else if (tnx === 'starttls') transcript.add('harness', `TLS ${line}`)
}
