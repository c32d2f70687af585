import { isEventType } from '../../core/event.ts';
import type { DiscardMeta } from '../../core/records.ts';
import type { LaneName, Redeliver, Redelivery } from '../../core/redelivery.ts';
import type { ReadContext } from '../context.ts';
import { markResent, readResent } from './resent-discards.ts';
import type { FoundDiscard } from './scan-discards.ts';

/** A discard that was not sent again, and why. */
export interface NotSent {
  readonly id: string;
  /** A discard code by which ingest refuses it still, or a word of ours. */
  readonly code: string;
  readonly message: string;
}

export interface SentAgain {
  readonly resent: readonly string[];
  /** Sent again before, by anybody. */
  readonly alreadyResent: number;
  readonly refused: readonly NotSent[];
}

const reasons = {
  no_payload: 'No payload was kept: what still lies in the log can be replayed',
  destination_gone: 'The destination is no longer there',
  destination_disabled: 'The destination is disabled',
  unavailable: 'It could not be handed to ingest; ask again',
  refused: 'The rules of the source refuse it still',
} as const;

/**
 * Hands discards back to ingest, each once. What is asked for at the same time elsewhere is recognised by process, by
 * the discard's id; what was accepted before is recognised here.
 */
export async function sendAgain(
  { db, environment }: Pick<ReadContext, 'db' | 'environment'>,
  redeliver: Redeliver,
  found: readonly FoundDiscard[],
): Promise<SentAgain> {
  const distinct = [...new Map(found.map((discard) => [discard.meta.id, discard])).values()];
  const before = await readResent(
    db,
    distinct.map(({ meta }) => meta.id),
  );
  const wanted = distinct.filter(({ meta }) => !before.has(meta.id));
  const enabled = await readEnabled({ db }, wanted);
  const refused: NotSent[] = [];
  const items: Redelivery[] = [];
  for (const discard of wanted) {
    const code = obstacle(discard, enabled);
    const { id } = discard.meta;
    if (code === undefined) items.push(redelivery(discard));
    else refused.push({ id, code, message: reasons[code] });
  }
  const resent: string[] = [];
  for (const [index, outcome] of (await redeliver(items)).entries()) {
    const id = items[index]?.id ?? '';
    if (outcome.kind === 'accepted') resent.push(id);
    else if (outcome.kind === 'refused') {
      refused.push({ id, code: outcome.code, message: reasons.refused });
    } else {
      const message = `${reasons.unavailable}: ${outcome.message}`;
      refused.push({ id, code: 'unavailable', message });
    }
  }
  await markResent(db, resent, environment.clock.now());
  return { resent, alreadyResent: before.size, refused };
}

/** Why it cannot even be asked for. `enabled`: of the destinations that are there. */
function obstacle(
  { meta, body }: FoundDiscard,
  enabled: ReadonlyMap<string, boolean>,
): 'no_payload' | 'destination_gone' | 'destination_disabled' | undefined {
  if (body === '') return 'no_payload';
  if (meta.destination === undefined) return undefined;
  const isOn = enabled.get(meta.destination);
  if (isOn === undefined) return 'destination_gone';
  return isOn ? undefined : 'destination_disabled';
}

async function readEnabled(
  { db }: Pick<ReadContext, 'db'>,
  discards: readonly FoundDiscard[],
): Promise<ReadonlyMap<string, boolean>> {
  const ids = new Set(discards.flatMap(({ meta }) => meta.destination ?? []));
  const enabled = new Map<string, boolean>();
  for (const id of ids) {
    const query = db.selectFrom('destination').select('enabled').where('id', '=', id);
    const row = await query.executeTakeFirst();
    if (row !== undefined) enabled.set(id, row.enabled === 1);
  }
  return enabled;
}

function redelivery({ source, meta, body }: FoundDiscard): Redelivery {
  const lane = laneOf(meta);
  const staged = meta.code === 'function_rejected' ? 'request' : 'event';
  return {
    ...{ id: meta.id, source, body, receivedAt: meta.t },
    ...(isEventType(meta.type) && { call: meta.type }),
    ...(lane !== undefined && { lane }),
    ...(meta.staged === true && { staged }),
  };
}

/** The lane that gave it up: its id says so, `<partition>-<input>.<item>.<lane>.<code>`, before it also of a replay. */
function laneOf({ id, code, destination }: DiscardMeta): LaneName | undefined {
  if (destination === undefined) return undefined;
  const key = id
    .split('.')
    .slice(2)
    .join('.')
    .slice(0, -(code.length + 1));
  const [, lane = ''] = key.split('/');
  return [destination, lane];
}
