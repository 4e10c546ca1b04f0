import type { Child } from 'hono/jsx'

export interface FieldProps {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  value?: string | undefined
  hint?: string | undefined
  /** Beside the field, and announced with it. */
  problem?: string | undefined
  autofocus?: boolean | undefined
  maxlength?: number
}

export function Field({ name, label, type = 'text', hint, problem, value, ...rest }: FieldProps) {
  const notes = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  return (
    <p class="field">
      <label for={name}>{label}</label>
      {hint && (
        <small id={`${name}-hint`} class="hint">
          {hint}
        </small>
      )}
      {problem && (
        <strong id={`${name}-problem`} class="problem">
          {problem}
        </strong>
      )}
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        autocomplete={rest.autocomplete}
        autocapitalize="none"
        spellcheck={type === 'text' ? undefined : false}
        aria-describedby={notes === '' ? undefined : notes}
        aria-invalid={problem ? 'true' : undefined}
        autofocus={rest.autofocus}
        maxlength={rest.maxlength}
        required
      />
    </p>
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

export function Problem({ children }: { children?: Child }) {
  return (
    <p role="alert" class="problem">
      {children}
    </p>
  )
}

export function Notice({ children }: { children?: Child }) {
  return (
    <p role="status" class="notice">
      {children}
    </p>
  )
}
