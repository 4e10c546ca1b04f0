/** One thing wrong with a message, by the rule that it breaks. */
export interface Finding {
  rule: Rule
  /** What was found, and where the rule comes from. */
  detail: string
}

export const rules = [
  'auth-in-clear',
  'bare-line-ending',
  'bcc-leak',
  'contrast',
  'deceptive-link',
  'duplicate-header',
  'eight-bit-header',
  'encoded-word',
  'helo-literal',
  'image-alt',
  'lang',
  'line-too-long',
  'link-not-in-text',
  'list-unsubscribe',
  'missing-date',
  'missing-from',
  'missing-message-id',
  'missing-subject',
  'missing-text',
  'nul-byte',
  'remote-content',
  'unparsable',
] as const

export type Rule = (typeof rules)[number]
