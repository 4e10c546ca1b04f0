/**
 * The package in a project of a stranger: what `npm pack` makes, unpacked into
 * the project's `node_modules`, with nothing beside it but what its manifest
 * asks for. The project is test/examples/mounted as it stands there, with
 * test/examples/deno in it.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PackedProject {
  /** Outside of this repository, so that nothing of it is found by going up. */
  folder: string
  /** The path of the .tgz file. */
  tarball: string
}

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** Packs and unpacks; the folder is the caller's to remove. */
export async function packProject(): Promise<PackedProject> {
  const folder = await copyProject()
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder])
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '')
  const unpacked = join(folder, 'node_modules/sparekey')
  await mkdir(unpacked, { recursive: true })
  await run('tar', ['--extract', '--file', tarball, '--strip-components', '1', '-C', unpacked])
  await linkPackages(folder, needs(await readManifest(unpacked)))
  await linkPackages(folder, Object.keys((await readManifest(folder)).devDependencies ?? {}))
  return { folder, tarball }
}

/**
 * The same project in a new folder, with what npm itself installs for the
 * package; what the project is developed with is linked, as in `packProject`.
 */
export async function installProject({ tarball }: PackedProject): Promise<string> {
  const folder = await copyProject()
  const { devDependencies = {}, ...manifest } = await readManifest(folder)
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  /** The certificates of vitest.config.ts are for workerd; npm wants those it has outside. */
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: process.env['OUTER_CA_CERTS'] }
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball]
  await run('npm', install, { cwd: folder, env })
  await linkPackages(folder, Object.keys(devDependencies))
  return folder
}

async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sparekey-project-'))
  await cp('test/examples/mounted', folder, { recursive: true })
  await cp('test/examples/deno', join(folder, 'deno'), { recursive: true })
  return folder
}

/** What npm would install with it. */
function needs({ dependencies, peerDependencies, peerDependenciesMeta }: Manifest): string[] {
  const peers = Object.keys(peerDependencies ?? {})
  const required = peers.filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
  return [...Object.keys(dependencies ?? {}), ...required]
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}

async function linkPackages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder, 'node_modules', name)
    await mkdir(dirname(path), { recursive: true })
    await symlink(resolve('node_modules', name), path)
  }
}
