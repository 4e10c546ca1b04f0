import type { MailBlock } from './index.ts'

export interface MailDocumentProps {
  subject: string
  blocks: readonly MailBlock[]
  footer: string
  locale: string
  direction: 'ltr' | 'rtl'
}

/** The HTML part: one column, inline styles, no image, nothing from elsewhere. */
export function MailDocument({ subject, blocks, footer, locale, direction }: MailDocumentProps) {
  return (
    <html lang={locale} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style="margin:0;padding:24px 16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">
        <div style="max-width:480px;margin:0 auto">
          {blocks.map((block) => (
            <Block block={block} />
          ))}
          <p style="margin:32px 0 0;font-size:13px;color:#6b6f76">{footer}</p>
        </div>
      </body>
    </html>
  )
}

/** A link is shown as itself too, on a line of its own, for whoever wants to copy it. */
function Block({ block }: { block: MailBlock }) {
  if ('text' in block) return <p style="margin:0 0 16px">{block.text}</p>
  return (
    <>
      <p style="margin:0 0 8px">
        <a
          href={block.url}
          style="display:inline-block;padding:12px 20px;border-radius:6px;background-color:#14507a;color:#ffffff;font-weight:600;text-decoration:none"
        >
          {block.button}
        </a>
      </p>
      <p style="margin:0 0 16px;font-size:13px;word-break:break-all">
        <a href={block.url}>{block.url}</a>
      </p>
    </>
  )
}
