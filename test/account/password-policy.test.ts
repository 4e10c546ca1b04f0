import { describe, expect, test } from 'vitest'
import {
  findPasswordProblem,
  isPlausiblePassword,
  type PasswordSources,
} from '../../src/account/password-policy.ts'

const words = ['ana.silva@example.com', 'Ana', 'Sparekey', 'id.example.test']
const open: PasswordSources = { isCommon: () => false, isBreached: () => Promise.resolve(false) }

function problemOf(password: string, { minLength = 15, sources = open } = {}) {
  return findPasswordProblem(password, { minLength, words }, sources)
}

describe('any character is welcome', () => {
  test.each([
    'correct horse battery staple',
    'ana likes to swim in the sea',
    '        a bcdefg        ',
    '密码是很长的一句话没有人会猜到它',
    '!@#$%^&*()_+{}|:"<>?',
    '😀😃😄😁😆😅😂🤣😊😇🙂🙃😉😌😍',
    'tab\tand\u0000NUL and \u001b escape',
    'Ω'.repeat(3) + 'abcdefghijkmnopq',
    'sparekey is a tool that I trust',
  ])('%j', async (password) => {
    expect(await problemOf(password)).toBeNull()
  })
})

describe('length is counted in characters as people see code points', () => {
  test.each([
    ['', 'missing'],
    ['x'.repeat(14).replace(/./g, (_, i: number) => 'kqzvjxwpbfgmyd'[i] ?? ''), 'too-short'],
    ['🔑🚪🏠🌙⭐☀️🌊🍎🍌🍇🍓🍒', 'too-short'],
    ['              ', 'too-short'],
  ])('%j is %s', async (password, problem) => {
    expect(await problemOf(password)).toBe(problem)
  })

  test('14 is too short, 15 and 64 and 256 are not, 257 is too long', async () => {
    const text = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i * 7)).join(
      '',
    )
    const problems = await Promise.all(
      [14, 15, 64, 256, 257].map((length) => problemOf(text.slice(0, length))),
    )
    expect(problems).toEqual(['too-short', null, null, null, 'too-long'])
  })

  test('a letter and its accent are one character, whichever way they are typed', async () => {
    const typed = 'áéíóúàèìòùâêîô'
    expect(await problemOf(typed.normalize('NFD'))).toBe('too-short')
    expect(await problemOf(`${typed}û`.normalize('NFD'))).toBeNull()
  })

  test('8 is enough where the setting says so', async () => {
    expect(await problemOf('kqzvjxwp', { minLength: 8 })).toBeNull()
    expect(await problemOf('kqzvjxw', { minLength: 8 })).toBe('too-short')
  })
})

describe('what is little more than a name', () => {
  test.each([
    'ana.silva@example.com',
    'ANA.SILVA@EXAMPLE.COM!',
    'anasilva anasilva',
    'Sparekey Sparekey 1',
    'sparekey-ana-silva',
    'example.com example.com',
    'id.example.test 2026',
    'Ｓｐａｒｅｋｅｙ　Ｓｐａｒｅｋｅｙ',
  ])('%j is personal', async (password) => {
    expect(await problemOf(password)).toBe('personal')
  })
})

describe('what is one thing over and over', () => {
  test.each([
    'aaaaaaaaaaaaaaaaaaaa',
    '                    ',
    'abababababababababab',
    'abcabcabcabcabcabc',
    '123456123456123456',
    '01234567890123456789',
    'abcdefghijklmnopqrs',
    'zyxwvutsrqponmlkjih',
    'qwertyuiopasdfghjkl',
    '1qaz2wsx3edc4rfv5tgb',
  ])('%j is common', async (password) => {
    expect(await problemOf(password)).toBe('common')
  })
})

test('sources are asked last, and what they say counts', async () => {
  const asked: string[] = []
  const sources: PasswordSources = {
    isCommon: (password) => password.startsWith('common'),
    isBreached(password) {
      asked.push(password)
      return Promise.resolve(password.startsWith('breached'))
    },
  }
  const passwords = [
    '',
    'short',
    'common but long enough',
    'breached but long enough',
    'fine and long enough too',
  ]
  const problems = await Promise.all(passwords.map((password) => problemOf(password, { sources })))
  expect(problems).toEqual(['missing', 'too-short', 'common', 'breached', null])
  expect(asked).toEqual(['breached but long enough', 'fine and long enough too'])
})

test('a megabyte is refused before anything looks at it', async () => {
  expect(await problemOf('x'.repeat(1_000_000))).toBe('too-long')
  expect(isPlausiblePassword('x'.repeat(1_000_000))).toBe(false)
})

test('what no policy would have taken may still be somebody’s password elsewhere, so it is tried', () => {
  expect(isPlausiblePassword('x')).toBe(true)
  expect(isPlausiblePassword('')).toBe(false)
  expect(isPlausiblePassword('e\u0301'.repeat(256))).toBe(true)
})

test('half a character is no password: two of them would hash to the same', () => {
  expect(isPlausiblePassword('half a character \ud83d')).toBe(false)
})
