/**
 * Whether an error says that the database is away or overloaded. D1 has no class
 * for it; its messages begin with a code
 * (https://developers.cloudflare.com/d1/observability/debug-d1/, "Error list")
 * and end with SQLite's own (https://sqlite.org/rescode.html). What is wrong
 * with a statement or its values is a fault of ours, and waiting does not mend it.
 */
export function isDatabaseError({ message }: Error): boolean {
  return message.startsWith('D1_ERROR:') && !/\bSQLITE_(?:ERROR|CONSTRAINT)/.test(message)
}
