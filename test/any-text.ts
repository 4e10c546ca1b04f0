import fc from 'fast-check'

/** Any text that UTF-8 can say: fast-check's own takes a second to prepare. */
export function anyText(maxLength = 100): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  return fc.array(character, { maxLength }).map((points) => String.fromCodePoint(...points))
}
