/**
 * What a server of one's own needs to be told beside the settings of every
 * platform; on Workers, Cloudflare knows it.
 */
import { type ConfigProblem, type Environment, SettingReader } from '../setting-reader.ts'

export interface ServerSettings {
  /** `DATABASE`: the path of the SQLite file. */
  database: string
  /** `HOST`: where to listen; loopback, for a proxy in front, when left out. */
  host: string
  /** `PORT`: 0 for any free one. */
  port: number
  /** `CLIENT_IP_HEADER`: set by the proxy in front, and by nobody else; the socket's address without it. */
  clientIpHeader: string | null
}

export interface ServerSettingsResult {
  settings: ServerSettings
  problems: readonly ConfigProblem[]
}

/** Reads them all; with problems, `settings` has what stands in when nothing is set. */
export function parseServerSettings(env: Environment): ServerSettingsResult {
  const reader = new SettingReader(env)
  const settings = {
    database: reader.text('DATABASE') ?? 'sparekey.db',
    host: readHost(reader),
    port: reader.integer('PORT', { fallback: 8787, least: 0, most: 65535 }),
    clientIpHeader: readClientIpHeader(reader),
  }
  return { settings, problems: reader.problems }
}

const LOOPBACK = '127.0.0.1'

function readHost(reader: SettingReader): string {
  const host = reader.text('HOST') ?? LOOPBACK
  if (/^[A-Za-z0-9.:-]+$/.test(host)) return host
  reader.refuse('HOST', 'must be a host name or an address to listen on')
  return LOOPBACK
}

/** RFC 9110 §5.1: a field's name is a token. */
function readClientIpHeader(reader: SettingReader): string | null {
  const name = reader.text('CLIENT_IP_HEADER') ?? null
  if (name === null || /^[\w!#$%&'*+.^`|~-]+$/.test(name)) return name
  return reader.refuse('CLIENT_IP_HEADER', 'must be the name of a header')
}
