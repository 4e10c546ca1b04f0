import type { Email } from 'postal-mime'

export interface Attachment {
  /** Empty when the part names no file. */
  filename: string
  contentType: string
  /** Without angle brackets; empty when the part has none. */
  contentId: string
  /** Part of the HTML, such as an image it shows. */
  inline: boolean
  content: Buffer
}

export function attachmentsOf(email: Email): Attachment[] {
  return email.attachments.map((part) => ({
    filename: part.filename ?? '',
    contentType: part.mimeType,
    contentId: (part.contentId ?? '').replace(/^<|>$/g, ''),
    inline: part.disposition === 'inline' || part.related === true,
    content: bufferOf(part.content),
  }))
}

function bufferOf(content: ArrayBuffer | Uint8Array | string) {
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof ArrayBuffer ? Buffer.from(content) : Buffer.from(content)
}
