import type { Kysely } from 'kysely';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { EventIds } from '../../core/suppressions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { retryRead } from './retry-read.ts';
import type { SuppressionSetDeps } from './suppression-set.ts';

interface OpenDeletion {
  /** '' is the workspace, as in `suppression`. */
  readonly scope: string;
  readonly type: string;
  readonly ids: readonly string[];
  readonly before: number;
}

/**
 * The end users whose older events a deletion leaves out on their way to destinations and warehouses, in memory: about 100
 * bytes each. It is empty at the start and reads the regulations that are not over when the snapshot speaks of others
 * than it has; each is over when no log holds anything from before it.
 */
export class DeletionSet {
  readonly #deps: SuppressionSetDeps;
  #held: ReadonlyMap<string, OpenDeletion> = new Map();
  /** By scope and type of the id: the moment before which events are left out. */
  #before: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  #state = '';
  #reading: Promise<void> | undefined;

  constructor(deps: SuppressionSetDeps) {
    this.#deps = deps;
  }

  /** As `Suppressions.refresh`. */
  refresh(signal: AbortSignal): Promise<void> | undefined {
    if (stateOf(this.#deps.snapshot) === this.#state) return undefined;
    const read = () => {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    };
    return retryRead(this.#deps, read, 'the deletions cannot be read; trying again', signal);
  }

  get isEmpty(): boolean {
    return this.#before.size === 0;
  }

  has(source: string, { userId, anonymousId, previousId }: EventIds, receivedAt: number): boolean {
    if (this.isEmpty) return false;
    return (
      this.#holds('', 'USER_ID', userId, receivedAt) ||
      this.#holds('', 'USER_ID', previousId, receivedAt) ||
      this.#holds(source, 'USER_ID', userId, receivedAt) ||
      this.#holds(source, 'USER_ID', previousId, receivedAt) ||
      this.#holds(source, 'ANONYMOUS_ID', anonymousId, receivedAt) ||
      this.#holds(source, 'ANONYMOUS_ID', previousId, receivedAt)
    );
  }

  #holds(scope: string, type: string, id: string | undefined, receivedAt: number): boolean {
    if (id === undefined) return false;
    return receivedAt < (this.#before.get(`${scope} ${type}`)?.get(id) ?? 0);
  }

  async #read(): Promise<void> {
    const { open, snapshot } = this.#deps;
    while (stateOf(snapshot) !== this.#state) {
      const state = stateOf(snapshot);
      const held = state === '' ? new Map<string, OpenDeletion>() : await this.#open(await open());
      this.#held = held;
      this.#before = merged(held.values());
      this.#state = state;
    }
  }

  async #open(db: Kysely<ControlTables>): Promise<ReadonlyMap<string, OpenDeletion>> {
    const rows = await db
      .selectFrom('regulation')
      .select(['id', 'source_id', 'subject_type', 'created_at'])
      .where('status', 'in', ['INITIALIZED', 'RUNNING'])
      .where('regulation_type', 'in', ['DELETE_ONLY', 'SUPPRESS_WITH_DELETE'])
      .execute();
    const held = new Map<string, OpenDeletion>();
    for (const { id, source_id, subject_type, created_at } of rows) {
      const known = this.#held.get(id);
      const ids = known?.ids ?? (await readSubjects(db, id));
      const before = Number(created_at);
      held.set(id, { scope: source_id ?? '', type: subject_type, ids, before });
    }
    return held;
  }
}

/** '' while there is none. */
function stateOf({ current }: SnapshotHolder): string {
  const { deletions, newestDeletion } = current;
  return newestDeletion === undefined ? '' : `${deletions} ${newestDeletion}`;
}

async function readSubjects(db: Kysely<ControlTables>, id: string): Promise<readonly string[]> {
  const row = await db
    .selectFrom('regulation')
    .select('subject_ids')
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? [] : JSON.parse(row.subject_ids);
}

function merged(held: Iterable<OpenDeletion>): Map<string, Map<string, number>> {
  const all = new Map<string, Map<string, number>>();
  for (const { scope, type, ids, before } of held) {
    const key = `${scope} ${type}`;
    const moments = all.get(key) ?? new Map<string, number>();
    for (const id of ids) moments.set(id, Math.max(before, moments.get(id) ?? 0));
    all.set(key, moments);
  }
  return all;
}
