/** Line drawings, in the colour of the text around them. They decorate: a screen reader passes them by. */

const drawings = {
  key: 'M13 8a5 5 0 1 0-10 0 5 5 0 0 0 10 0zM11.6 11.6L20.5 20.5M15.5 15.5l2.5-2.5M18.5 18.5l2.2-2.2',
  globe:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c2.5 2.5 3.5 5.5 3.5 9s-1 6.5-3.5 9c-2.5-2.5-3.5-5.5-3.5-9s1-6.5 3.5-9z',
  mail: 'M3 6h18v12H3zM3 7l9 6.5L21 7',
  'broken-link': 'M14 7h3.5a5 5 0 0 1 0 10H14M10 17H6.5a5 5 0 0 1 0-10H10M13.5 9.5l-3 5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.7 3.8-5.5 7.5-5.5s6.7 1.8 7.5 5.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2',
} as const

export type GlyphName = keyof typeof drawings

export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg class={`glyph ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  )
}
