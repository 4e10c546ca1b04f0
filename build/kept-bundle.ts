/**
 * A command's bundle, kept: to bundle takes longer than most commands do, so
 * what was made is taken again until something that it was made of has changed.
 *
 * Each bundle has a folder of its own, which is never written to again; one small
 * file beside them names the folder that is kept, and what stood behind it.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

/** What esbuild goes by, beside the files that it bundles. */
const CONFIGURATION = [
  'build/bundle.ts',
  'build/kept-bundle.ts',
  'build/postal-mime.ts',
  'node_modules/esbuild/package.json',
  'package.json',
  'src/tsconfig.json',
  'tsconfig.json',
]

/** In milliseconds: the clock that files are stamped by goes in steps, of 10 at most. */
const CLOCK_STEP = 20
/** In milliseconds. A bundle that is no longer kept may still be about to be loaded. */
const SWEEP_AFTER = 60 * 60 * 1000

/** Paths are from the project's folder, which may be moved. */
interface Kept {
  file: string
  inputs: readonly string[]
  /** Of the inputs, as they were bundled. */
  fingerprint: string
}

/** The file to run for an entry of the project: bundled now, unless the last bundle still holds. */
export async function bundleOnce(entry: string): Promise<string> {
  const folder = join(root, '.sparekey/build', entry.replace(/\.ts$/, ''))
  return join(root, findKept(folder) ?? (await bundleAnew(entry, folder)))
}

function findKept(folder: string): string | null {
  try {
    const { file, inputs, fingerprint } = JSON.parse(readFileSync(keptIn(folder), 'utf8')) as Kept
    return fingerprintOf(inputs) === fingerprint && existsSync(join(root, file)) ? file : null
  } catch {
    // Nothing is kept yet, or something that it was made of is gone.
    return null
  }
}

async function bundleAnew(entry: string, folder: string): Promise<string> {
  const { bundleForNode } = await import('./bundle.ts')
  const begun = Date.now()
  const { file, inputs } = await bundleForNode(entry, join(folder, randomUUID()))
  keep(folder, { file, inputs: [...CONFIGURATION, ...inputs], begun })
  return file
}

interface Made extends Omit<Kept, 'fingerprint'> {
  begun: number
}

/**
 * What changed while it was read is not kept: nobody knows what was read of it. By ctime,
 * which no program can set back, as it can mtime.
 */
function keep(folder: string, { file, inputs, begun }: Made): void {
  const fingerprint = fingerprintOf(inputs)
  const isSettled = inputs.every((path) => statSync(join(root, path)).ctimeMs < begun - CLOCK_STEP)
  if (!isSettled) return
  const written = join(root, `${file}.json`)
  writeFileSync(written, JSON.stringify({ file, inputs, fingerprint } satisfies Kept))
  renameSync(written, keptIn(folder))
  sweep(folder, begun - SWEEP_AFTER)
}

function keptIn(folder: string): string {
  return join(folder, 'kept.json')
}

/** By what stands in them, so that a copy of the project has its bundles, too: a few milliseconds. */
function fingerprintOf(inputs: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of inputs) {
    const content = readFileSync(join(root, path))
    hash.update(`${path} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

function sweep(folder: string, before: number): void {
  const paths = readdirSync(folder).map((name) => join(folder, name))
  for (const path of paths) {
    if (statSync(path).ctimeMs < before) rmSync(path, { recursive: true, force: true })
  }
}
