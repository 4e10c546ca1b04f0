import { raw } from 'hono/html'
import { type Color, inkOn, readableOn } from '../parts/contrast.ts'
import type { MailBlock } from './index.ts'

export interface MailDocumentProps {
  subject: string
  preheader: string
  blocks: readonly MailBlock[]
  footer: string
  appName: string
  appColor: Color
  locale: string
  direction: 'ltr' | 'rtl'
}

const font =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:24px"

/**
 * The HTML part: plain paragraphs in one cell of a table, which is what Outlook,
 * that draws with Word's engine, keeps to a width. Nothing but the button has a
 * colour: so every reader, in the dark too, shows its own. No image, nothing
 * from elsewhere, and complete where only the markup is left.
 */
export function MailDocument(props: MailDocumentProps) {
  const { subject, preheader, locale } = props
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style>{raw(':root{color-scheme:light dark}')}</style>
      </head>
      <body>
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{preheader}</div>
        <Column {...props} />
      </body>
    </html>
  )
}

/** Language again, and direction: webmail keeps neither `<html>` nor `<body>`. */
function Column({ blocks, footer, appName, appColor, locale, direction }: MailDocumentProps) {
  return (
    <table
      role="presentation"
      lang={locale}
      dir={direction}
      align="center"
      width="480"
      style="width:100%;max-width:480px"
    >
      <tr>
        <td style={`padding:8px;${font}`}>
          <p>
            <strong>{appName}</strong>
          </p>
          {blocks.map((block) => (
            <Block block={block} appColor={appColor} />
          ))}
          <p>
            <small>{footer}</small>
          </p>
        </td>
      </tr>
    </table>
  )
}

function Block({ block, appColor }: { block: MailBlock; appColor: Color }) {
  if ('url' in block) return <MailLink {...block} appColor={appColor} />
  if ('text' in block) return <p>{block.text}</p>
  return (
    <pre dir="ltr" style="white-space:pre-wrap">
      {block.lines}
    </pre>
  )
}

interface MailLinkProps {
  url: string
  button: string
  appColor: Color
}

/** A button, and the link as itself below it, for whoever wants to copy it. */
function MailLink({ url, button, appColor }: MailLinkProps) {
  const color = readableOn('#ffffff', appColor)
  const style = `display:inline-block;padding:12px 20px;border-radius:8px;background-color:${color};color:${inkOn(color)}`
  return (
    <>
      <p>
        <a href={url} style={`${style};font-weight:bold;text-decoration:none;mso-padding-alt:0`}>
          {wordSpace('mso-font-width:200%;mso-text-raise:20pt')}
          <span style="mso-text-raise:10pt">{button}</span>
          {wordSpace('mso-font-width:200%')}
        </a>
      </p>
      <p>
        <small>
          <a href={url} dir="ltr" style="word-break:break-all">
            {url}
          </a>
        </small>
      </p>
    </>
  )
}

/** Word gives a link no padding: there, and only there, wide and raised spaces stand for it. */
function wordSpace(style: string) {
  return raw(`<!--[if mso]><i style="${style}">&nbsp;</i><![endif]-->`)
}
