/**
 * Whether a statement begins as one that reads and is one alone. A guard against accidents, for interfaces that know no
 * session that can only read: what a user may do is for the warehouse's own rights to say.
 */
export function readsOnly(sql: string): boolean {
  const bare = sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''");
  const begins = /^\s*(select|with|show|describe|explain)\b/i.test(bare);
  return begins && !changing.test(bare) && !/;\s*\S/.test(bare);
}

/** Behind a `with`, some take what changes tables. */
const changing = /\b(insert\s+(into|overwrite)|merge\s+into|delete\s+from|update\s+\S+\s+set)\b/i;
