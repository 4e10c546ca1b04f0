import type { Child } from 'hono/jsx'
import type { View } from '../view.ts'

export interface FieldProps {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  value?: string | undefined
  hint?: string | undefined
  /** Beside the field, and announced with it. */
  problem?: string | undefined
  /** The id of something else on the page that is announced with the field. */
  describedBy?: string | undefined
  autofocus?: boolean | undefined
  /** What the page's script needs to help while typing, as `data-` attributes. */
  data?: Record<`data-${string}`, string | number> | undefined
}

export function Field({ name, label, type = 'text', hint, problem, value, ...rest }: FieldProps) {
  const notes = [rest.describedBy, hint && `${name}-hint`, problem && `${name}-problem`]
  return (
    <div class="field" {...rest.data}>
      <label for={name}>{label}</label>
      {hint && (
        <span id={`${name}-hint`} class="hint">
          {hint}
        </span>
      )}
      {problem && (
        <strong id={`${name}-problem`} class="problem">
          {problem}
        </strong>
      )}
      <span class="box">
        <input
          id={name}
          name={name}
          type={type}
          value={value}
          dir={type === 'text' ? 'auto' : 'ltr'}
          autocomplete={rest.autocomplete}
          autocapitalize={type === 'text' ? undefined : 'none'}
          spellcheck={type === 'text' ? undefined : false}
          aria-describedby={notes.filter(Boolean).join(' ') || undefined}
          aria-invalid={problem ? 'true' : undefined}
          autofocus={rest.autofocus}
          required
        />
      </span>
    </div>
  )
}

/** A password, with what the page's script needs to show and hide it. */
export function PasswordField({ view, data, ...field }: FieldProps & { view: View }) {
  const { show, hide } = view.t.typing
  return (
    <Field {...field} type="password" data={{ 'data-show': show, 'data-hide': hide, ...data }} />
  )
}

/** Not part of what is sent: it tells a password manager whose password this is. */
export function HiddenUsername({ address }: { address: string }) {
  return (
    <input
      type="email"
      value={address}
      autocomplete="username"
      readonly
      hidden
      tabindex={-1}
      aria-hidden="true"
    />
  )
}

/** A problem that no single field has; `id` lets a field be announced with it. */
export function Problem({ id, children }: { id?: string; children?: Child }) {
  return (
    <p id={id} role="alert" class="problem">
      {children}
    </p>
  )
}

/** Good news from the step before; `id` lets the first field be announced with it. */
export function Notice({ id, children }: { id?: string; children?: Child }) {
  return (
    <p id={id} role="status" class="notice">
      {children}
    </p>
  )
}

/** Whose account it is. An address reads from left to right in every language. */
export function Address({ lead, address }: { lead: string; address: string }) {
  return (
    <p>
      {lead}{' '}
      <bdi dir="ltr" class="address">
        {address}
      </bdi>
    </p>
  )
}

/** What to do next, one click away. */
export function Ways({ children }: { children?: Child }) {
  return <p class="ways">{children}</p>
}
