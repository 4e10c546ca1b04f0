/**
 * Whether an error says that the database is away or overloaded. D1 has no class
 * for it; its messages begin with a code
 * (https://developers.cloudflare.com/d1/observability/debug-d1/, "Error list").
 * A statement that does not fit the tables (SQLITE_ERROR) is a fault of ours.
 */
export function isDatabaseError(error: Error): boolean {
  return /^D1_[A-Z_]+:/.test(error.message) && !/\bSQLITE_ERROR\b/.test(error.message)
}
