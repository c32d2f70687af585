import type { StateStore } from '../state.ts';
import type { ControlTables } from '../tables/control-tables.ts';
import type { WorkTables } from '../tables/work-tables.ts';

/** A deployment's databases, empty at first; opened again they hold what was committed. */
export interface StateSubject {
  openControl(): Promise<StateStore<ControlTables>>;
  openWork(): Promise<StateStore<WorkTables>>;
}

/** One promise of a state store, as a sentence, and its check. Opens what it needs and closes it. */
export type StateCases = Readonly<Record<string, (subject: StateSubject) => Promise<void>>>;

/** Runs `check` on the control database. */
export function onControl(
  check: (store: StateStore<ControlTables>) => Promise<void>,
): (subject: StateSubject) => Promise<void> {
  return async (subject) => {
    const store = await subject.openControl();
    try {
      await check(store);
    } finally {
      await store.close();
    }
  };
}

/** Runs `check` on the work database. */
export function onWork(
  check: (store: StateStore<WorkTables>) => Promise<void>,
): (subject: StateSubject) => Promise<void> {
  return async (subject) => {
    const store = await subject.openWork();
    try {
      await check(store);
    } finally {
      await store.close();
    }
  };
}

export async function addWorkspace(
  { db }: StateStore<ControlTables>,
  more: { readonly id?: string; readonly name?: string; readonly revision?: number } = {},
): Promise<void> {
  const row = { id: 'w', slug: 'w', name: 'W', revision: 0, created_at: 1, ...more };
  await db.insertInto('workspace').values(row).execute();
}

/** A source with a key and a destination; ids end with `id`. */
export async function addSource({ db }: StateStore<ControlTables>, id: string): Promise<void> {
  const made = { position: 1, created_at: 1 };
  const source = { id: `s${id}`, workspace_id: 'w', slug: id, name: id, enabled: 1, ...made };
  await db
    .insertInto('source')
    .values({ ...source, metadata_id: 'm', settings: '{}', limits: '{}' })
    .execute();
  await db
    .insertInto('write_key')
    .values({ write_key: `k${id}`, source_id: `s${id}`, ...made })
    .execute();
  const destination = { id: `d${id}`, source_id: `s${id}`, metadata_id: 'm', name: null };
  await db
    .insertInto('destination')
    .values({ ...destination, enabled: 1, settings: '{}', since: 0, ...made })
    .execute();
}

export function token(id: string, hash: string) {
  const row = { id, workspace_id: 'w', position: 1, name: id, hash };
  return { ...row, permission: 'admin', created_at: 1 };
}
