/**
 * A mail server for tests and for your own machine: it catches everything and
 * sends nothing on.
 */
export { startMailServer, MailServer, type Endpoint } from './mail-server.ts'
export type { Limits, MailServerOptions } from './options.ts'
export { Inbox, type Credentials, type WaitOptions } from './inbox/inbox.ts'
export { MessageTimeoutError, type Evidence } from './inbox/message-timeout-error.ts'
export type { Filter, FilterFields, TextFilter } from './inbox/filter.ts'
export { Message, type Header } from './message/message.ts'
export type { Address } from './message/address.ts'
export type { Attachment } from './message/attachment.ts'
export { LinkError, type Link } from './message/links.ts'
export { CodeError, type Code } from './message/codes.ts'
export { Fault, stages, type FaultOptions, type Situation, type Stage } from './faults/fault.ts'
export { Transcript, type TranscriptLine } from './smtp/transcript.ts'
export {
  Captured,
  type AuthFacts,
  type Delivery,
  type Envelope,
  type TlsFacts,
} from './mailbox/captured.ts'
export {
  loadCertificates,
  CertificateError,
  type BadCertificate,
  type Certificates,
  type KeyPair,
} from './certificates.ts'
export * from './faults/presets.ts'
export { composeBounce, type BounceOptions } from './faults/bounce.ts'
export { lint } from './lint/lint.ts'
export { rules, type Finding, type Rule } from './lint/finding.ts'
