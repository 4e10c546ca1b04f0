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

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
const ink = 'color:#23272b'
const quiet = 'color:#575d63'

/** Only what inline styles cannot say. `!important`, because it stands against them. */
const darkStyle = `:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${[
  '.paper,.card{background-color:#1b1f22!important}',
  '.ink{color:#ebe9e4!important}',
  '.quiet{color:#aab0b5!important}',
].join('')}}`

/**
 * The HTML part: one column of tables, for Outlook draws with Word's engine, and
 * every style inline, for Gmail drops the rest in many places. No image,
 * nothing from elsewhere, and complete where only the markup is left.
 */
export function MailDocument(props: MailDocumentProps) {
  const { subject, preheader, locale, direction } = props
  return (
    <html lang={locale} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style>{raw(darkStyle)}</style>
      </head>
      <body class="paper" style="margin:0;padding:0;background-color:#ffffff">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{preheader}</div>
        <Column {...props} />
      </body>
    </html>
  )
}

/** Language and direction again: webmail keeps neither `<html>` nor `<body>`. */
function Column({ blocks, footer, appName, appColor, locale, direction }: MailDocumentProps) {
  const align = direction === 'rtl' ? 'right' : 'left'
  return (
    <table
      role="presentation"
      class="paper"
      lang={locale}
      dir={direction}
      width="100%"
      border={0}
      cellpadding="0"
      cellspacing="0"
      bgcolor="#ffffff"
    >
      <tr>
        <td align="center" style="padding:24px 16px">
          <table
            role="presentation"
            width="480"
            border={0}
            cellpadding="0"
            cellspacing="0"
            style="width:100%;max-width:480px"
          >
            <tr>
              <td
                align={align}
                class="ink"
                style={`${font};font-size:16px;line-height:24px;${ink}`}
              >
                <p style="margin:0 0 24px;font-weight:bold">{appName}</p>
                {blocks.map((block) => (
                  <Block block={block} appColor={appColor} align={align} />
                ))}
                <p class="quiet" style={`margin:24px 0 0;font-size:14px;line-height:20px;${quiet}`}>
                  {footer}
                </p>
              </td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  )
}

interface BlockProps {
  block: MailBlock
  appColor: Color
  align: 'left' | 'right'
}

function Block({ block, appColor, align }: BlockProps) {
  if ('url' in block) return <MailLink {...block} appColor={appColor} align={align} />
  if ('text' in block) return <p style="margin:0 0 16px">{block.text}</p>
  return (
    <pre dir="ltr" style="margin:0 0 16px;font-size:14px;white-space:pre-wrap;text-align:left">
      {block.lines}
    </pre>
  )
}

interface MailLinkProps {
  url: string
  button: string
  appColor: Color
  align: 'left' | 'right'
}

/**
 * A button, and the link as itself below it, for whoever wants to copy it. Word
 * gives a link no padding, so there the cell around it has it.
 */
function MailLink({ url, button, appColor, align }: MailLinkProps) {
  const color = readableOn('#ffffff', appColor)
  const link = `display:inline-block;padding:12px 20px;background-color:${color};color:${inkOn(color)}`
  return (
    <>
      <table role="presentation" align={align} border={0} cellpadding="0" cellspacing="0">
        <tr>
          <td bgcolor={color} style="mso-padding-alt:12px 20px">
            <a href={url} style={`${link};font-weight:bold;text-decoration:none`}>
              {button}
            </a>
          </td>
        </tr>
      </table>
      <p
        dir="ltr"
        style="margin:0 0 16px;padding-top:8px;clear:both;font-size:14px;line-height:20px"
      >
        <a href={url} class="quiet" style={`${quiet};word-break:break-all`}>
          {url}
        </a>
      </p>
    </>
  )
}
