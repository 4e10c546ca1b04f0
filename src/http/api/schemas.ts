/**
 * What the JSON API takes and gives, written once: requests are checked by
 * these schemas, and the OpenAPI document is made from them.
 *
 * They check shapes. What an address, a name or a password has to be is for the
 * rules in `account/`, which pages ask as well.
 */
import * as v from 'valibot'

/** JSON has no raw control characters, but escaped ones; nothing but a password may hold any. */
const line = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/),
)
const email = v.pipe(line, v.description('An address, as people type it'))
const password = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.description('Any characters, at most 256 code points after NFC'),
)
const token = v.pipe(line, v.description('What follows the last slash of a mailed link'))
const username = v.pipe(
  line,
  v.description('What somebody is called: 1 to 64 code points, not unique'),
)
const instant = v.pipe(v.string(), v.isoTimestamp(), v.description('RFC 3339, in UTC'))
const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{12}$/))

/** A flat object of texts; members that nobody asked for are ignored, as fields of a form are. */
function body<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.objectWithRest(entries, v.string())
}

const Account = v.object({ id: Id, email: v.string(), username: v.string() })
const Session = v.object({
  id: Id,
  current: v.pipe(v.boolean(), v.description('Whether this request is part of it')),
  created_at: instant,
  last_seen_at: v.pipe(instant, v.description('To the hour')),
  browser: v.nullable(v.string()),
  system: v.nullable(v.string()),
})
const bearer = {
  token: v.pipe(v.string(), v.description('For `Authorization: Bearer`; shown this once')),
  expires_at: v.pipe(
    instant,
    v.description('At the latest; two weeks without a request end it too'),
  ),
}

export const schemas = {
  Ask: body({ email }),
  RegistrationConfirmation: body({ token, username, password }),
  PasswordResetConfirmation: body({ token, password }),
  Credentials: body({ email, password }),
  PasswordChange: body({ current_password: password, password }),
  Id,
  Taken: v.object({}),
  Account,
  AccountAnswer: v.object({ account: Account }),
  Session,
  SessionsAnswer: v.object({ sessions: v.array(Session) }),
  NewSession: v.object({ ...bearer, account: Account }),
  RenewedSession: v.object(bearer),
  Problem: v.object({
    type: v.pipe(v.string(), v.url(), v.description('Names the problem; where it is described')),
    title: v.string(),
    status: v.number(),
    reason: v.pipe(v.string(), v.description('The last part of `type`')),
    detail: v.optional(v.pipe(v.string(), v.description('For people, in their language'))),
    errors: v.optional(
      v.array(
        v.object({
          field: v.string(),
          pointer: v.pipe(v.string(), v.description('RFC 6901, as a URI fragment')),
          reason: v.string(),
          detail: v.optional(v.string()),
        }),
      ),
    ),
  }),
}

export type SchemaName = keyof typeof schemas

/** What an answer of that name holds. */
export type Answer<Name extends SchemaName> = v.InferOutput<(typeof schemas)[Name]>
