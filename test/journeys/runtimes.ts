/**
 * Where the journeys are made: the same list, everything real on both.
 */
import { type AppOptions, type RunningApp, startApp } from '../app.ts'
import { startDenoApp } from '../deno-app.ts'

export type StartApp = (
  options: Pick<AppOptions, 'mail' | 'settings' | 'onOutput'>,
) => Promise<RunningApp>

export const runtimes: [name: 'workerd' | 'Deno', startApp: StartApp][] = [
  ['workerd', startApp],
  ['Deno', startDenoApp],
]
