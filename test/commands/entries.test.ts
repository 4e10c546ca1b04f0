/**
 * What no command may do: a module that runs at its top level has no value yet
 * of what it declares below. A bundle does not even complain, since esbuild makes
 * `var` of it; so `npm run dev` once never noticed that its service had died.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const entries = readdirSync('commands').filter((name) => name.endsWith('.ts'))
const runs = /^(?:process\.exitCode = )?await /m

test.each(entries)('commands/%s declares no value below the line that runs it', (name) => {
  const text = readFileSync(`commands/${name}`, 'utf8')
  const start = runs.exec(text)?.index ?? text.length
  expect(text.slice(start).match(/^(?:const|let|class) .*/gm)).toBeNull()
})
