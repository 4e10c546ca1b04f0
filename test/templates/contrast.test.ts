import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBrand } from '../../templates/parts/brand.ts'
import { contrastOf, inkOn, isColor, readableOn } from '../../templates/parts/contrast.ts'

const colors = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}` as const)

test('whatever colour is chosen, links can be read in light and dark, and buttons say their word', () => {
  fc.assert(
    fc.property(colors, fc.constantFrom('#ffffff' as const, '#1b1f22' as const), (color, card) => {
      const accent = readableOn(card, color)
      expect(contrastOf(accent, card)).toBeGreaterThanOrEqual(4.5)
      expect(contrastOf(accent, inkOn(accent))).toBeGreaterThanOrEqual(4.5)
    }),
  )
})

test('a colour that can be read already stays as it is', () => {
  expect(readableOn('#ffffff', '#0f5f66')).toBe('#0f5f66')
})

test('contrast is what WCAG says it is', () => {
  expect(contrastOf('#000000', '#ffffff')).toBe(21)
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})

test('the stylesheet carries the colour for light and dark', () => {
  const { style } = createBrand({ appColor: '#7a1f5c', appLogo: null })
  expect(style).toContain('--accent:#7a1f5c;--on-accent:#ffffff')
  expect(style).toMatch(/@media \(prefers-color-scheme:dark\)\{:root\{--card:#1b1f22;--accent:#/)
})

test.for(['red', '#fff', '#12345g', '#0f5f66;}', ''])('%j is no colour', (text) => {
  expect(isColor(text)).toBe(false)
})
