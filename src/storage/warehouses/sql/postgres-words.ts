/**
 * Words that PostgreSQL, and DuckDB after it, does not take as the name of a column or table without quotes, and the
 * names of their system columns. People write queries without quotes.
 */
export const postgresWords: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc describe distinct do else end except false fetch for foreign
  freeze from full glob grant group having ilike in initially inner intersect into is isnull join lambda lateral leading left
  like limit localtime localtimestamp map natural not notnull null offset on only or order outer overlaps pivot
  pivot_longer pivot_wider placing positional primary qualify references returning right select semi anti session_user show
  similar some struct summarize symmetric system_user table tablesample then to trailing true try_cast union unique unpivot
  user using variadic verbose when where window with
  cmax cmin ctid oid rowid tableoid xmax xmin`.split(/\s+/),
);

/** Schemas that they have themselves. */
export const postgresSchemas: ReadonlySet<string> = new Set([
  ...['public', 'main', 'temp', 'system', 'information_schema', 'pg_catalog', 'pg_toast'],
  'tributary',
]);
