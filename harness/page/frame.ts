/**
 * A message's HTML for the sandboxed frame: it runs nothing, loads nothing from
 * elsewhere unless told to, and its links open beside the page.
 */
import type { Message } from '../message/message.ts'

export interface FrameOptions {
  /** Load pictures, fonts and styles from other servers. */
  remote: boolean
  /** As a mail client in the dark shows it. */
  dark: boolean
}

export function frameOf(message: Message, { remote, dark }: FrameOptions) {
  const scheme = dark ? 'dark' : 'light'
  const head = `<base target="_blank"><meta name="color-scheme" content="${scheme}"><style>:root{color-scheme:${scheme}}</style>`
  return { html: `<!doctype html>${head}${withOwnImages(message)}`, policy: policy(remote) }
}

/** Whether the message would load something from elsewhere. */
export function hasRemoteContent({ html }: Pick<Message, 'html'>) {
  return /(?:src|background|srcset)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?(?:https?:)?\/\/|<link\b[^>]*href/i.test(
    html,
  )
}

function policy(remote: boolean) {
  const elsewhere = remote ? ' https: http:' : ''
  return [
    "default-src 'none'",
    `img-src data:${elsewhere}`,
    `style-src 'unsafe-inline'${elsewhere}`,
    `font-src data:${elsewhere}`,
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')
}

/** The frame has no origin, so what came with the message goes into it. */
function withOwnImages({ html, attachments }: Message) {
  return attachments.reduce(
    (whole, { contentId, contentType, content }) =>
      contentId === '' || !/^image\/(png|jpe?g|gif|webp|bmp|avif)$/i.test(contentType)
        ? whole
        : whole.replaceAll(
            `cid:${contentId}`,
            `data:${contentType};base64,${content.toString('base64')}`,
          ),
    html,
  )
}
