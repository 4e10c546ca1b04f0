/** Prints the slowest ten tests of a run: where time goes is seen before it is too much. */
import type { Reporter, TestCase } from 'vitest/node'

const MOST = 10
/** In characters. */
const NAME_MOST = 120

export default class SlowestTests implements Reporter {
  readonly #durations = new Map<TestCase, number>()

  onTestCaseResult(testCase: TestCase): void {
    this.#durations.set(testCase, testCase.diagnostic()?.duration ?? 0)
  }

  onTestRunEnd(): void {
    const slowest = [...this.#durations].toSorted(([, a], [, b]) => b - a).slice(0, MOST)
    if (slowest.length < MOST) return
    console.log(`\nThe slowest ${MOST} of ${this.#durations.size} tests:`)
    for (const [{ fullName, module }, duration] of slowest)
      console.log(
        `${(duration / 1000).toFixed(1).padStart(6)} s  ${module.relativeModuleId}  ${fullName.slice(0, NAME_MOST)}`,
      )
  }
}
