import type { Kysely } from 'kysely';
import type { ControlTables } from '../core/tables/control-tables.ts';
import type { AnswerStyle, Principal } from './access/principal.ts';
import type { Environment } from './environment.ts';

/** What a request works with; the same for every API. */
export interface ReadContext {
  readonly environment: Environment;
  readonly db: Kysely<ControlTables>;
  readonly principal: Principal;
  readonly request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    /** How the answer is worded. */
    readonly answers: AnswerStyle;
  };
}

/** `db` is the write's transaction; `revision` is unique to it: the position of the row it makes. */
export interface WriteContext extends ReadContext {
  readonly revision: number;
  readonly now: number;
}
