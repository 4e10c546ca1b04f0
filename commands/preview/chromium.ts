/**
 * Chromium: an installed one, else the one that npm brings. It is started with
 * arguments of our own, and talks to nobody but the pages it is sent to.
 */
import { access } from 'node:fs/promises'
import packaged from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

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
  return chromium.launch({ executablePath: await findExecutable(), args })
}

async function findExecutable(): Promise<string> {
  for (const path of installed) {
    if (await exists(path)) return path
  }
  return packaged.executablePath()
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    // A browser that is not installed is what this asks.
    return false
  }
}
