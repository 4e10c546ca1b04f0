/**
 * Whether an error is the database's: away, overloaded, or not migrated. D1 has
 * no class for it; its messages begin with a code
 * (https://developers.cloudflare.com/d1/observability/debug-d1/, "Error list").
 */
export function isDatabaseError(error: Error): boolean {
  return /^D1_[A-Z_]+:/.test(error.message)
}
