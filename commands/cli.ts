#!/usr/bin/env node
/**
 * `sparekey`, as the package installs it. What needs the project's own folder
 * (dev, account, outbox) is run by npm there.
 */
import { runMail } from '../harness/cli/run-mail.ts'

const HELP = `sparekey COMMAND

  mail    a mail server that catches everything and sends nothing on (sparekey mail --help)`

const [command, ...rest] = process.argv.slice(2)
process.exitCode = await run(command)

async function run(name: string | undefined): Promise<number> {
  if (name === 'mail') return runMail(rest, process.env)
  const asked = name === undefined || name === '--help' || name === '-h'
  console.error(asked ? HELP : `Unknown command ${name}\n\n${HELP}`)
  return asked && name !== undefined ? 0 : 2
}
