import type { Finding } from '../lint/finding.ts'
import { formatAddress } from '../message/address.ts'
import type { Link } from '../message/links.ts'
import type { Message } from '../message/message.ts'
import type { Transcript } from '../smtp/transcript.ts'
import { Linkified } from './linkified.tsx'
import { hasRemoteContent } from './frame.ts'
import { mainLink } from './main-link.ts'
import { tabs, type Tab } from './tabs.ts'

export interface MessageViewProps {
  message: Message
  findings: Finding[]
  /** The session it came by; undefined when it is no longer kept. */
  transcript: Transcript | undefined
  tab: Tab
  remote: boolean
  dark: boolean
  query: string
}

export function MessageView(props: MessageViewProps) {
  return (
    <article>
      <Head {...props} />
      <Quick {...props} />
      <Tabs {...props} />
      <div class={`panel ${props.tab}`} role="region" aria-label={props.tab} tabindex={0}>
        {panels[props.tab](props)}
      </div>
    </article>
  )
}

function Head({ message, query }: MessageViewProps) {
  return (
    <header class="head">
      <a class="back" href={query === '' ? '/' : `/?query=${encodeURIComponent(query)}`}>
        ← Inbox
      </a>
      <h1>{message.subject === '' ? '(no subject)' : message.subject}</h1>
      <dl>
        <dt>From</dt>
        <dd>{formatAddress(message.from)}</dd>
        <dt>To</dt>
        <dd>{message.envelope.to.join(', ')}</dd>
        <dt>Came</dt>
        <dd>
          <time datetime={message.receivedAt.toISOString()}>
            {message.receivedAt.toLocaleString('en-GB', {
              dateStyle: 'medium',
              timeStyle: 'medium',
            })}
          </time>
          , {safety(message)}
        </dd>
        <Attachments message={message} />
      </dl>
    </header>
  )
}

function safety({ tls, auth }: Message) {
  const how = tls === false ? 'in the clear' : `${tls.protocol.replace('v', ' ')}`
  return auth === false ? how : `${how}, as ${auth.user}`
}

function Attachments({ message: { id, attachments } }: { message: Message }) {
  if (attachments.length === 0) return null
  return (
    <>
      <dt>Files</dt>
      <dd>
        {attachments.map(({ filename, contentId, content }, index) => (
          <a
            class="file"
            href={`/api/v1/message/${id}/part/${index + 1}`}
            target="_blank"
            rel="noreferrer"
          >
            {filename === '' ? contentId || 'unnamed' : filename}{' '}
            <small>{sizeOf(content.length)}</small>
          </a>
        ))}
      </dd>
    </>
  )
}

/** What one opens a mail for: the code and the link, each one key away. */
function Quick({ message }: MessageViewProps) {
  const [code] = message.codes
  const link = mainLink(message.links)
  if (code === undefined && link === undefined) return null
  return (
    <div class="quick">
      {code !== undefined && (
        <button type="button" data-copy={code} data-key="c">
          <span class="what">Copy code</span> <code>{code}</code> <kbd>c</kbd>
        </button>
      )}
      {link !== undefined && (
        <>
          <a class="open" href={link.href} target="_blank" rel="noreferrer noopener" data-key="o">
            <span class="what">Open</span> <span class="href">{link.href}</span> <kbd>o</kbd>
          </a>
          <button type="button" data-copy={link.href} data-key="l">
            <span class="what">Copy link</span> <kbd>l</kbd>
          </button>
        </>
      )}
    </div>
  )
}

function Tabs({ message, tab, findings, query }: MessageViewProps) {
  const counts: Partial<Record<Tab, number>> = {
    links: message.links.length,
    check: findings.length,
  }
  return (
    <nav class="tabs" aria-label="Views of the message">
      {tabs.map(({ id, title }, index) => (
        <a
          href={address(message, query, { tab: id })}
          aria-current={id === tab ? 'page' : undefined}
          data-key={String(index + 1)}
        >
          {title}
          {counts[id] !== undefined && counts[id] > 0 && <small> {counts[id]}</small>}
        </a>
      ))}
    </nav>
  )
}

const panels: Record<Tab, (props: MessageViewProps) => unknown> = {
  html: Html,
  text: Text,
  source: Source,
  headers: Headers,
  links: Links,
  smtp: Smtp,
  check: Check,
}

function Html({ message, remote, dark, query }: MessageViewProps) {
  if (message.html === '') return <p class="nothing">No HTML part.</p>
  const search = `${remote ? 'remote=1&' : ''}${dark ? 'scheme=dark' : ''}`
  return (
    <>
      <p class="tools">
        {hasRemoteContent(message) && !remote && (
          <span class="blocked">
            Remote content is blocked.{' '}
            <a href={address(message, query, { tab: 'html', remote: '1' })}>Load it</a>
          </span>
        )}
        <a
          href={address(message, query, {
            tab: 'html',
            ...(remote && { remote: '1' }),
            ...(!dark && { scheme: 'dark' }),
          })}
        >
          {dark ? 'Light preview' : 'Dark preview'}
        </a>
      </p>
      <iframe
        title="The message as HTML"
        class={dark ? 'dark' : 'light'}
        src={`/frame/${message.id}?${search}`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerpolicy="no-referrer"
      ></iframe>
    </>
  )
}

function Text({ message }: MessageViewProps) {
  if (message.text === '') return <p class="nothing">No text part.</p>
  return (
    <pre class="words">
      <Linkified text={message.text} />
    </pre>
  )
}

function Source({ message }: MessageViewProps) {
  const shown = message.raw.subarray(0, SOURCE_SHOWN).toString('utf8')
  const left = message.raw.length - SOURCE_SHOWN
  return (
    <>
      <p class="tools">
        {sizeOf(message.raw.length)} <a href={`/api/v1/message/${message.id}/raw?dl=1`}>Download</a>
        {left > 0 && <span>{sizeOf(left)} more in the download</span>}
      </p>
      <pre>{shown}</pre>
    </>
  )
}

/** Bytes of the source that the page shows. */
const SOURCE_SHOWN = 200_000

function Headers({ message }: MessageViewProps) {
  return (
    <table>
      <tbody>
        {message.headers.map(({ name, value }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Links({ message }: MessageViewProps) {
  if (message.links.length === 0) return <p class="nothing">No links.</p>
  return (
    <ul class="links">
      {message.links.map((link) => (
        <LinkItem {...link} />
      ))}
    </ul>
  )
}

function LinkItem({ href, text, parts, deceptive }: Link) {
  const isWeb = /^https?:/i.test(href)
  return (
    <li>
      {text !== href && <strong>{text === '' ? '(no words)' : text}</strong>}
      {isWeb ? (
        <a href={href} target="_blank" rel="noreferrer noopener">
          {href}
        </a>
      ) : (
        <span>{href}</span>
      )}
      <small>
        in {parts.join(' and ')}
        {deceptive && <span class="warning"> shows another address than it opens</span>}
      </small>
      <button type="button" data-copy={href}>
        Copy
      </button>
    </li>
  )
}

function Smtp({ message, transcript }: MessageViewProps) {
  return (
    <>
      <p class="tools">
        MAIL FROM &lt;{message.envelope.from}&gt;, RCPT TO{' '}
        {message.envelope.to.map((to) => `<${to}>`).join(', ')}
      </p>
      {transcript === undefined ? (
        <p class="nothing">No transcript is kept of this session.</p>
      ) : (
        <pre class="transcript">
          {transcript.lines.map(({ by, text }) => (
            <span class={by}>{`${marks[by]} ${text}\n`}</span>
          ))}
        </pre>
      )}
    </>
  )
}

const marks = { client: 'C:', server: 'S:', harness: '--' } as const

function Check({ findings }: MessageViewProps) {
  if (findings.length === 0) return <p class="nothing">Nothing to find fault with.</p>
  return (
    <ul class="findings">
      {findings.map(({ rule, detail }) => (
        <li>
          <code>{rule}</code> {detail}
        </li>
      ))}
    </ul>
  )
}

function address({ id }: Message, query: string, fields: Record<string, string>) {
  const search = new URLSearchParams({ ...fields, ...(query !== '' && { query }) })
  return `/view/${id}?${search}`
}

function sizeOf(bytes: number) {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
