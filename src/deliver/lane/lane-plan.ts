import type { DestinationDefinition, Lane, LaneResult } from '../../core/destination.ts';
import type { ConnectionConfig, ReplayConfig, Snapshot } from '../../core/snapshot.ts';

/** One lane as the configuration wants it. */
export interface LanePlan {
  /** `<connection>/<lane>`, for a replay `<connection>/<lane>/<replay>`: its name in the store. */
  readonly key: string;
  readonly connection: ConnectionConfig;
  readonly supports: ReadonlySet<string>;
  /** Undefined when the settings cannot work: then `problem` says why. */
  readonly lane: Lane | undefined;
  readonly problem: string;
  readonly replay: ReplayConfig | undefined;
}

/** The lane id of settings that cannot work. */
const invalidLane = 'invalid';

/** Makes plans from snapshots; the lanes of settings that did not change are the same objects. */
export function createPlanner(
  definitions: readonly DestinationDefinition[],
): (snapshot: Snapshot) => ReadonlyMap<string, LanePlan> {
  const bySlug = new Map(definitions.map((definition) => [definition.slug, definition]));
  let known = new Map<string, { text: string; result: LaneResult }>();

  return (snapshot) => {
    const plans = new Map<string, LanePlan>();
    const next: typeof known = new Map();
    for (const connection of snapshot.connections) {
      const definition = bySlug.get(connection.slug);
      const text = `${connection.slug} ${JSON.stringify(connection.settings)}`;
      const before = known.get(connection.id);
      const result = before?.text === text ? before.result : lanesOf(definition, connection);
      next.set(connection.id, { text, result });
      const supports = new Set<string>(definition?.supports);
      const replays = snapshot.replays.filter(({ connectionId }) => connectionId === connection.id);
      for (const replay of [undefined, ...replays]) {
        for (const { id, lane, problem } of targetsOf(result)) {
          const key = `${connection.id}/${id}${replay === undefined ? '' : `/${replay.id}`}`;
          plans.set(key, { key, connection, supports, lane, problem, replay });
        }
      }
    }
    known = next;
    return plans;
  };
}

function lanesOf(
  definition: DestinationDefinition | undefined,
  { settings, obstacle }: ConnectionConfig,
): LaneResult {
  if (obstacle !== undefined) return { ok: false, problem: obstacle };
  if (definition !== undefined) return definition.lanes(settings);
  return { ok: false, problem: 'This server has no code to deliver to this kind of destination' };
}

function targetsOf(
  result: LaneResult,
): readonly { id: string; lane: Lane | undefined; problem: string }[] {
  if (!result.ok) return [{ id: invalidLane, lane: undefined, problem: result.problem }];
  return result.lanes.map((lane) => ({ id: lane.id, lane, problem: '' }));
}
