/**
 * What an app around us may want to hear of, as typed hooks.
 *
 * They hang on the stores, where it is known that something really happened:
 * of many posts of one link one is an event. A hook runs beside the answer and
 * cannot change it; what it throws ends in the log.
 */
import type { Store } from './account/services.ts'
import { describeFailure } from './redact.ts'

export interface Events {
  /** Somebody chose a new password: by a mailed link, or signed in. */
  'password-changed': { accountId: string; address: string; by: 'link' | 'session'; at: number }
  /** A mailbox was proven and has an account now. */
  registered: { accountId: string; addressKey: string; username: string; at: number }
  /** Somebody asked for a reset; whether there is an account is not known, and must not be. */
  'recovery-asked': { address: string; at: number }
}

/** `at` is in Unix seconds everywhere. */
export type Hooks = { [Name in keyof Events]?: (event: Events[Name]) => void | Promise<void> }

export interface HookRunner {
  /** Keeps the work going after the answer. */
  inBackground: (work: Promise<void>) => void
  log: (line: Record<string, unknown>) => void
}

/**
 * The same stores, with the hooks called for what they did.
 *
 * @example
 * withEvents(store, { registered: ({ accountId }) => greet(accountId) }, { inBackground, log })
 */
export function withEvents<Stores extends Store>(
  store: Stores,
  hooks: Hooks,
  runner: HookRunner,
): Stores {
  const { accounts, outbox } = store
  const emit = <Name extends keyof Events>(name: Name, event: Events[Name]) => {
    const hook = hooks[name]
    if (hook !== undefined) runner.inBackground(call(name, hook, event, runner))
  }
  return {
    ...store,
    accounts: {
      ...accounts,
      async replacePassword(change) {
        const replaced = await accounts.replacePassword(change)
        const { account, event, now: at } = change
        const by = event === 'password-reset' ? 'link' : 'session'
        const { id: accountId, address } = account
        if (replaced) emit('password-changed', { accountId, address, by, at })
        return replaced
      },
      async register(account) {
        const made = await accounts.register(account)
        const { id: accountId, addressKey, username, now: at } = account
        if (made) emit('registered', { accountId, addressKey, username, at })
        return made
      },
    },
    outbox: {
      ...outbox,
      async ask(ask) {
        const admission = await outbox.ask(ask)
        const asked = admission.ok && ask.purpose === 'reset'
        if (asked) emit('recovery-asked', { address: ask.address.typed, at: ask.now })
        return admission
      },
    },
  }
}

async function call<Name extends keyof Events>(
  name: Name,
  hook: (event: Events[Name]) => void | Promise<void>,
  event: Events[Name],
  { log }: HookRunner,
): Promise<void> {
  try {
    await hook(event)
  } catch (error) {
    const told = Object.values(event).filter((value) => typeof value === 'string')
    log({ event: 'hook-failed', hook: name, ...describeFailure(error, told) })
  }
}
