import { textLinks } from '../message/text-links.ts'

/** Text with its web addresses as links. */
export function Linkified({ text }: { text: string }) {
  const links = textLinks(text).filter((href) => /^https?:/i.test(href))
  return (
    <>
      {split(
        text,
        links.sort((a, b) => b.length - a.length),
      ).map((piece) => (links.includes(piece) ? <TextLink href={piece} /> : piece))}
    </>
  )
}

function TextLink({ href }: { href: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {href}
    </a>
  )
}

/** Cuts at the first of these links, longest first, then what is left on both sides. */
function split(text: string, links: string[]): string[] {
  const pattern = links.map((href) => href.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return pattern === '' ? [text] : text.split(new RegExp(`(${pattern})`))
}
