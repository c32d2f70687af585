/**
 * Whether a statement begins as one that reads and is one alone. A guard against accidents, for interfaces that know no
 * session that can only read: what a user may do is for the warehouse's own rights to say.
 */
export function readsOnly(sql: string): boolean {
  const bare = sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''");
  return /^\s*(select|with|show|describe|explain)\b/i.test(bare) && !/;\s*\S/.test(bare);
}
