/** What stands around the examples in the harness's docstrings. */
import type { Inbox, MailServer, Message } from '../../harness/index.ts'

export { expect } from 'vitest'

export declare const mail: MailServer
export declare const inbox: Inbox
export declare const message: Message
export declare const page: { click(name: string): Promise<void> }
export declare function askForReset(address: string): Promise<void>
export declare function sendResetMail(mail: { to: string; port: number }): Promise<void>
