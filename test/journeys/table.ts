/**
 * Prints what journeys were made on what, in one table. A run of all tests fails
 * when one was not made, or not on both runtimes.
 */
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'
import { isOn, type Journey, journeys } from './list.ts'
import type { Runtime } from './runtimes.ts'

const runtimes: readonly Runtime[] = ['workerd', 'Deno']

interface Row {
  does: string
  /** Tests that passed and failed, by runtime. */
  counts: Record<Runtime, Count>
}

interface Count {
  passed: number
  failed: number
}

export default class JourneyTable implements Reporter {
  /** Whether only tests of some names were asked for. */
  #filtered = false

  onInit({ config }: Vitest): void {
    this.#filtered = config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = journeys.flatMap((journey) => rowOf(journey, modules))
    if (this.#filtered || rows.length < journeys.length) return
    print(rows)
    if (rows.every(isWhole)) return
    console.error('Not every journey was made on both runtimes')
    process.exitCode = 1
  }
}

function rowOf(journey: Journey, modules: readonly TestModule[]): Row[] {
  const module = modules.find(({ relativeModuleId }) => relativeModuleId === journey.file)
  if (module === undefined) return []
  const tests = [...module.children.allTests()]
  const count = (runtime: Runtime) =>
    countOf(tests.filter(({ fullName }) => isOn(journey, runtime, fullName)))
  return [{ does: journey.does, counts: { workerd: count('workerd'), Deno: count('Deno') } }]
}

function countOf(tests: readonly TestCase[]): Count {
  const states = tests.map((test) => test.result().state)
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed: states.filter((state) => state === 'failed').length,
  }
}

/** Failures fail the run by themselves: here it is what was not made at all. */
function isWhole({ counts }: Row): boolean {
  return runtimes.every((runtime) => counts[runtime].passed + counts[runtime].failed > 0)
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ does }) => does.length))
  console.log(`\n${'Journeys, and the tests that made them'.padEnd(width)}  ${runtimes.join('  ')}`)
  for (const { does, counts } of rows) {
    const cells = runtimes.map((runtime) => show(counts[runtime]).padEnd(runtime.length))
    console.log(`${does.padEnd(width)}  ${cells.join('  ').trimEnd()}`)
  }
}

function show({ passed, failed }: Count): string {
  if (failed > 0) return `${failed} FAILED`
  return passed > 0 ? `✓ ${passed}` : 'NONE'
}
