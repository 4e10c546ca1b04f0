/**
 * Bundles a command and runs it in this process: `node build/run.ts commands/mail.ts --json`.
 */
import { pathToFileURL } from 'node:url'
import { bundleOnce } from './kept-bundle.ts'

const [entry, ...args] = process.argv.slice(2)
if (entry === undefined) throw new TypeError('Name the file to run')
const file = await bundleOnce(entry)
process.argv = [process.execPath, file, ...args]
process.setSourceMapsEnabled(true)
await import(pathToFileURL(file).href)
