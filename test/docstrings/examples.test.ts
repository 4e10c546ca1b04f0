/**
 * Every `@example` in a docstring compiles. What it does not declare itself is an
 * export of its own file, or stands around it (around-service.ts, around-harness.ts).
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { complaintsOf } from '../../build/tsc.ts'

const FOLDER = '.sparekey/test/docstrings'

const tsconfig = {
  extends: '../../../tsconfig.json',
  compilerOptions: { noUnusedLocals: false, isolatedModules: false },
  files: ['../../../templates/text-imports.d.ts', '../../../src/cloudflare-workers.d.ts'],
  include: ['*.tsx', '../../../src/platform/*.d.ts'],
  exclude: [],
}

test('every example in a docstring compiles', async () => {
  const examples = [
    ...(await examplesIn('src', 'around-service.ts')),
    ...(await examplesIn('templates', 'around-service.ts')),
    ...(await examplesIn('harness', 'around-harness.ts')),
  ]
  expect(examples.length).toBeGreaterThan(30)
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify(tsconfig))
  await Promise.all(examples.map(({ name, text }) => writeFile(join(FOLDER, name), text)))
  expect(await complaintsOf(FOLDER)).toEqual([])
})

interface Example {
  /** Of the file that it becomes, after the file that it comes from. */
  name: string
  text: string
}

async function examplesIn(folder: string, around: string): Promise<Example[]> {
  const surroundings = `test/docstrings/${around}`
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name))
  const files = names.map(async (name) => {
    const path = join(folder, name)
    const blocks = readBlocks(await readFile(path, 'utf8'))
    const scope = [await exportsOf(path), await exportsOf(surroundings)]
    return blocks.map((block, at) => {
      const file = path.replaceAll('/', '-').replace(/\.tsx?$/, `-${at + 1}.tsx`)
      return { name: file, text: withImports(block, scope) }
    })
  })
  return (await Promise.all(files)).flat()
}

/** What follows `@example` in each docstring, without its stars. */
function readBlocks(source: string): string[] {
  const comments = source.match(/\/\*\*[\s\S]*?\*\//g) ?? []
  return comments.flatMap((comment) => {
    const [, example] = /^\s*\*\s*@example\n([\s\S]*?)(?:^\s*\*\s*@|\s*\*\/)/m.exec(comment) ?? []
    return example === undefined ? [] : [example.replace(/^\s*\* ?/gm, '')]
  })
}

interface Exports {
  path: string
  names: readonly string[]
}

async function exportsOf(path: string): Promise<Exports> {
  const source = await readFile(path, 'utf8')
  const declared = source.matchAll(
    /^export (?:declare |abstract |async )*(?:function\*?|const|class) (\w+)/gm,
  )
  const passedOn = source.matchAll(/^export \{([^}]*)\}/gm)
  const names = [...declared].map(([, name = '']) => name)
  return {
    path,
    names: [...names, ...[...passedOn].flatMap(([, list = '']) => list.match(/\w+/g) ?? [])],
  }
}

/** Names are taken from the first scope that has them, unless the block declares them. */
function withImports(block: string, scope: readonly Exports[]): string {
  const taken = new Set(declaredIn(block))
  const imports = scope.map(({ path, names }) => {
    const used = names.filter((name) => !taken.has(name) && new RegExp(`\\b${name}\\b`).test(block))
    for (const name of used) taken.add(name)
    return `import { ${used.join(', ')} } from '../../../${path}'\n`
  })
  return `${imports.join('')}${block}\nexport {}\n`
}

function declaredIn(block: string): string[] {
  const imported = [...block.matchAll(/^import \{([^}]*)\}/gm)].map(([, names = '']) => names)
  const declared = [...block.matchAll(/\b(?:const|using) (\{[^}]*\}|\[[^\]]*\]|\w+)/g)]
  return [...imported, ...declared.map(([, names = '']) => names)].flatMap(
    (names) => names.match(/\w+/g) ?? [],
  )
}
