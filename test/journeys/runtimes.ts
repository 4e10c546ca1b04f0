/**
 * Where the journeys are made: the same list, everything real on both.
 */
import { type AppOptions, type RunningApp, startApp } from '../app.ts'
import { startDenoApp } from '../deno-app.ts'

export type Runtime = 'workerd' | 'Deno'

export type StartApp = (
  options: Pick<AppOptions, 'mail' | 'settings' | 'onOutput' | 'port'>,
) => Promise<RunningApp>

export const runtimes: [name: Runtime, startApp: StartApp][] = [
  ['workerd', startApp],
  ['Deno', startDenoApp],
]
