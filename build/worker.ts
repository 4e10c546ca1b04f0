/**
 * A Worker as `wrangler deploy` bundles it, and in the shape that Miniflare takes.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import type { D1Database } from '@cloudflare/workers-types'
import type { MiniflareOptions } from 'miniflare'
import { migrationsFolder as folder } from './deno.ts'
import { root } from './root.ts'
import { runStatements } from './sql-statements.ts'

/** Bundles one entry into `outdir`, with all that the wrangler.toml of `folder` says about it. */
export async function bundleWorker(
  entry: string,
  outdir: string,
  { folder = root } = {},
): Promise<void> {
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  await promisify(execFile)(
    process.execPath,
    [wrangler, 'deploy', entry, '--dry-run', '--outdir', resolve(outdir)],
    { cwd: folder, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' } },
  )
}

export type Modules = Extract<MiniflareOptions, { modules: unknown }>['modules']

/** What `bundleWorker` wrote. */
export async function readModules(folder: string): Promise<Modules> {
  const names = await readdir(folder)
  const main = names.find((name) => name.endsWith('.js') && !name.endsWith('.browser.js'))
  if (main === undefined) throw new Error(`Cannot start: there is no Worker in ${folder}`)
  const others = names.filter((name) => /\.(wasm|css|browser\.js)$/.test(name))
  const modules = [main, ...others].map(async (name) => {
    const path = join(folder, name)
    if (name.endsWith('.wasm'))
      return { type: 'CompiledWasm', path: name, contents: await readFile(path) } as const
    const type = name === main ? 'ESModule' : 'Text'
    return { type, path: name, contents: await readFile(path, 'utf8') } as const
  })
  return Promise.all(modules)
}

/** The statements of all migrations in order. */
export async function readMigrations(): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  using db = new DatabaseSync(':memory:')
  return texts.flatMap((text) => runStatements(db, text))
}

/** Applies the migrations as wrangler does, in the order of their numbers, once. */
export async function migrate(
  db: Pick<D1Database, 'prepare' | 'batch'>,
  statements: readonly string[],
): Promise<void> {
  const done = await db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'account'`).first()
  if (done !== null) return
  await db.batch(statements.map((statement) => db.prepare(statement)))
}
