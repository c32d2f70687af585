import type { DestinationDefinition, Lane, LaneResult } from '../../core/destination.ts';
import { compileShaping, type EventShaping } from '../../core/filters/compile-shaping.ts';
import type { Functions } from '../../core/functions.ts';
import type { LaneName } from '../../core/redelivery.ts';
import type { ConnectionConfig, ReplayConfig, Snapshot } from '../../core/snapshot.ts';
import { withInsertFunction } from '../insert/with-insert-function.ts';

/** One lane as the configuration wants it. */
export interface LanePlan {
  /** `<connection>/<lane>`, for a replay `<connection>/<lane>/<replay>`: its name in the store. */
  readonly key: string;
  /** The lane's own id, and the ids of all lanes of the connection. */
  readonly id: string;
  readonly ids: ReadonlySet<string>;
  readonly connection: ConnectionConfig;
  readonly supports: ReadonlySet<string>;
  /** See `DestinationDefinition`. */
  readonly takesAll: boolean;
  /** Names of track events that the schema of the source does not give to it; undefined when there are none. */
  readonly eventsOff: ReadonlySet<string> | undefined;
  /** The filters and transformations of the destination; undefined when it has none. */
  readonly filter: EventShaping | undefined;
  /** Undefined when the settings cannot work: then `problem` says why. */
  readonly lane: Lane | undefined;
  readonly problem: string;
  /** Values of its settings that nobody is shown. */
  readonly secrets: readonly string[];
  readonly replay: ReplayConfig | undefined;
}

/** The lane id of settings that cannot work. */
const invalidLane = 'invalid';

/** What was made of one connection, and of what text. */
interface Made {
  readonly settings: string;
  readonly result: LaneResult;
  readonly filters: string;
  readonly filter: EventShaping | undefined;
}

/** Makes plans from snapshots; the lanes of settings that did not change are the same objects. */
export function createPlanner(
  definitions: readonly DestinationDefinition[],
  functions?: Functions,
): (snapshot: Snapshot) => ReadonlyMap<string, LanePlan> {
  const bySlug = new Map(definitions.map((definition) => [definition.slug, definition]));
  let known = new Map<string, Made>();

  return (snapshot) => {
    const plans = new Map<string, LanePlan>();
    const next: typeof known = new Map();
    for (const connection of snapshot.connections) {
      const definition = bySlug.get(connection.slug);
      const made = makeAnew(known.get(connection.id), definition, connection, functions);
      next.set(connection.id, made);
      const supports = new Set<string>(definition?.supports);
      const takesAll = definition?.takesAll === true;
      const secrets = secretsOf(definition, connection);
      const eventsOff = connection.eventsOff && new Set(connection.eventsOff);
      const replays = snapshot.replays.filter(({ connectionId }) => connectionId === connection.id);
      for (const replay of [undefined, ...replays]) {
        const targets = targetsOf(made.result);
        const ids = new Set(targets.map(({ id }) => id));
        for (const { id, lane, problem } of targets) {
          const key = `${connection.id}/${id}${replay === undefined ? '' : `/${replay.id}`}`;
          const { filter } = made;
          plans.set(key, {
            ...{ key, id, ids, connection, supports, takesAll, eventsOff },
            ...{ filter, lane, problem, replay, secrets },
          });
        }
      }
    }
    known = next;
    return plans;
  };
}

/**
 * Whether an event that is for one lane alone is for this. A lane that is gone, as with a target that was changed
 * since, has all of the connection in its place. A replay sends the event itself, not what was sent again of it.
 */
export function isForLane(
  { connection, id, ids, replay }: LanePlan,
  [of, lane]: LaneName,
): boolean {
  if (replay !== undefined || connection.id !== of) return false;
  return lane === id || !ids.has(lane);
}

/** What did not change is the same as before. */
function makeAnew(
  before: Made | undefined,
  definition: DestinationDefinition | undefined,
  connection: ConnectionConfig,
  functions: Functions | undefined,
): Made {
  const { subscriptions = [], audiences } = connection;
  const { insert } = connection;
  const code = [connection.function?.version.id, insert?.version.id, insert?.settings];
  const settings = `${connection.slug} ${JSON.stringify([connection.settings, subscriptions, code, audiences])}`;
  const { filters: rules = [], transformations = [] } = connection;
  const filters = JSON.stringify([rules, transformations]);
  return {
    settings,
    result:
      before?.settings === settings ? before.result : planned(definition, connection, functions),
    filters,
    filter: before?.filters === filters ? before.filter : compileShaping(rules, transformations),
  };
}

function planned(
  definition: DestinationDefinition | undefined,
  connection: ConnectionConfig,
  functions: Functions | undefined,
): LaneResult {
  const result = lanesOf(definition, connection);
  const { insert } = connection;
  if (insert === undefined || !result.ok) return result;
  // Without it the event would pass as it is.
  if (functions === undefined) return { ok: false, problem: 'This server runs no functions' };
  return {
    ok: true,
    lanes: result.lanes.map((lane) => withInsertFunction(lane, insert, functions)),
  };
}

function lanesOf(
  definition: DestinationDefinition | undefined,
  { id, settings, subscriptions = [], audiences, obstacle, function: code }: ConnectionConfig,
): LaneResult {
  if (obstacle !== undefined) return { ok: false, problem: obstacle };
  if (definition !== undefined) {
    const owner = {
      ...{ connection: id, subscriptions },
      ...(audiences && { audiences }),
      ...(code && { function: code }),
    };
    return definition.lanes(settings, owner);
  }
  return { ok: false, problem: 'This server has no code to deliver to this kind of destination' };
}

function targetsOf(
  result: LaneResult,
): readonly { id: string; lane: Lane | undefined; problem: string }[] {
  if (!result.ok) return [{ id: invalidLane, lane: undefined, problem: result.problem }];
  return result.lanes.map((lane) => ({ id: lane.id, lane, problem: '' }));
}

function secretsOf(
  definition: DestinationDefinition | undefined,
  { settings }: ConnectionConfig,
): string[] {
  const options = definition?.options.filter(({ type }) => type === 'password') ?? [];
  const values = options.map(({ name }) => settings[name]);
  return values.filter((value) => typeof value === 'string');
}
