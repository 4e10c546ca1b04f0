/**
 * bcrypt, as Flask-Bcrypt, Devise, Laravel and PHP store it. It reads 72 bytes
 * of a password and no more: that is part of the format, and one of the reasons
 * to leave it.
 */
import { compareSync } from 'bcryptjs'
import type { PasswordFormat } from './format.ts'

/** `$2a$`, `$2b$` and `$2y$` name the same function since the bugs that told them apart are fixed. */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** Each step doubles the work: 14 is a second and a half in JavaScript. */
const COST = { least: 4, most: 14 }

export const bcryptFormat: PasswordFormat = {
  name: 'bcrypt',
  parse(text) {
    const cost = Number(BCRYPT.exec(text)?.[1])
    if (!(cost >= COST.least && cost <= COST.most)) return null
    return { isCurrent: false, matches: (password) => compareSync(password, text) }
  },
}
