/**
 * Chromium: an installed one, else the one that npm brings. It is started with
 * arguments of our own, and talks to nobody but the pages it is sent to.
 */
import { join } from 'node:path'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { exists, unpackChromium } from './unpack-chromium.ts'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...(await findChromium()), args })
}

async function findChromium(): Promise<LaunchOptions> {
  for (const executablePath of installed) {
    if (await exists(executablePath)) return { executablePath }
  }
  const folder = await unpackChromium()
  const env = { ...process.env, ...(await surroundings(folder)) }
  return { executablePath: join(folder, 'chromium'), env }
}

/** What a small image lacks: NSS, and fonts. */
async function surroundings(folder: string): Promise<Record<string, string>> {
  const hasFonts = await exists('/etc/fonts/fonts.conf')
  return {
    LD_LIBRARY_PATH: join(folder, 'lib'),
    ...(!hasFonts && { FONTCONFIG_FILE: join(folder, 'fonts.conf') }),
  }
}
