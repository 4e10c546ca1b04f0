import type { Captured } from '../mailbox/captured.ts'
import type { Message } from '../message/message.ts'
import { snippet } from '../http/mailpit/shapes.ts'
import { MessageView, type MessageViewProps } from './message-view.tsx'

export interface InboxPageProps {
  query: string
  /** Where to send mail, as `HOST:PORT`. */
  smtp: string
  total: number
  matching: number
  unread: number
  entries: EntryProps[]
  opened: Omit<MessageViewProps, 'query'> | undefined
}

/** List and message side by side; on a phone one after the other. */
export function InboxPage(props: InboxPageProps) {
  const { query, entries, opened } = props
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{titleOf(props)}</title>
        <link
          rel="icon"
          href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ctext y='14' font-size='14'%3E✉%3C/text%3E%3C/svg%3E"
        />
        <link rel="stylesheet" href="/page.css" />
        <script src="/page.js" defer></script>
      </head>
      <body class={opened === undefined ? 'listing' : 'reading'}>
        <Header {...props} />
        <main>
          <nav id="list" aria-label="Messages">
            {opened === undefined && <h1 class="hidden">Inbox</h1>}
            {entries.length === 0 ? (
              <Nothing {...props} />
            ) : (
              <List entries={entries} query={query} />
            )}
          </nav>
          <section id="message" aria-label="Message">
            {opened === undefined ? <NothingOpen /> : <MessageView {...opened} query={query} />}
          </section>
        </main>
        <p id="said" role="status" aria-live="polite"></p>
      </body>
    </html>
  )
}

function titleOf({ unread, opened }: InboxPageProps) {
  const count = unread === 0 ? '' : `(${unread}) `
  return opened === undefined ? `${count}Inbox` : `${count}${opened.message.subject} · Inbox`
}

function Header({ query, smtp, total, matching, unread }: InboxPageProps) {
  const counted = query === '' ? `${total} messages` : `${matching} of ${total} messages`
  return (
    <header>
      <a class="brand" href="/">
        Inbox
      </a>
      <form id="search" action="/" role="search">
        <label class="hidden" for="query">
          Search
        </label>
        <input
          id="query"
          type="search"
          name="query"
          value={query}
          placeholder="Search: reset  to:ada  -is:read"
          autocomplete="off"
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <p id="counts">
        <span>{counted}</span>
        {unread > 0 && <span class="unread">{unread} unread</span>}
      </p>
      <p class="server">
        SMTP <code>{smtp}</code> <span id="live" title="Not live: reload to see new mail"></span>
      </p>
    </header>
  )
}

interface EntryProps {
  captured: Captured
  message: Message
  selected: boolean
}

function List({ entries, query }: { entries: EntryProps[]; query: string }) {
  return (
    <ol>
      {entries.map((entry) => (
        <Entry {...entry} query={query} />
      ))}
    </ol>
  )
}

function Entry({ captured, message, selected, query }: EntryProps & { query: string }) {
  const search = query === '' ? '' : `?query=${encodeURIComponent(query)}`
  const attached = message.attachments.filter(({ inline }) => !inline).length
  return (
    <li class={captured.read ? 'read' : 'unread'}>
      <a href={`/view/${captured.id}${search}`} aria-current={selected ? 'true' : undefined}>
        <span class="to">{message.envelope.to.join(', ')}</span>
        <Time at={message.receivedAt} />
        <strong class="subject">{message.subject === '' ? '(no subject)' : message.subject}</strong>
        {attached > 0 && (
          <small class="attached">{attached === 1 ? '1 file' : `${attached} files`}</small>
        )}
        <span class="snippet">
          <span class="from">
            {message.from.name === '' ? message.from.address : message.from.name}
          </span>{' '}
          {snippet(message)}
        </span>
      </a>
    </li>
  )
}

function Time({ at }: { at: Date }) {
  return (
    <time datetime={at.toISOString()} title={at.toString()}>
      {at.toTimeString().slice(0, 5)}
    </time>
  )
}

function Nothing({ query, smtp }: InboxPageProps) {
  if (query !== '') return <p class="nothing">Nothing found for “{query}”.</p>
  return (
    <div class="nothing">
      <p>No mail yet.</p>
      <p>
        Send some to <code>{smtp}</code>: it shows here at once and goes nowhere else.
      </p>
    </div>
  )
}

function NothingOpen() {
  return (
    <div class="nothing">
      <p>Choose a message.</p>
      <dl class="keys">
        <dt>
          <kbd>j</kbd> <kbd>k</kbd>
        </dt>
        <dd>next, previous</dd>
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>search</dd>
        <dt>
          <kbd>c</kbd>
        </dt>
        <dd>copy the code</dd>
        <dt>
          <kbd>l</kbd>
        </dt>
        <dd>copy the link</dd>
        <dt>
          <kbd>o</kbd>
        </dt>
        <dd>open the link</dd>
        <dt>
          <kbd>1</kbd> to <kbd>7</kbd>
        </dt>
        <dd>HTML, text, source, headers, links, SMTP, check</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>back to the list</dd>
      </dl>
    </div>
  )
}
