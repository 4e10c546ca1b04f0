/**
 * Counting in a language's own plural forms, by `Intl`.
 */

/** A text for each plural category that the language has; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * Makes the words for a count.
 *
 * @example
 * const characters = counted('en', { one: '# character', other: '# characters' })
 * characters(15) // '15 characters'
 */
export function counted(locale: string, forms: PluralForms): (count: number) => string {
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  return (count) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count))
}
