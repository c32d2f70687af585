import type { Kysely } from 'kysely';
import type { ClientSettings } from '../../core/client-settings.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { ConnectionConfig, SourceConfig } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type {
  CommonBreach,
  PlanEnforcement,
  PlanRule,
  SourcePlan,
  TrackingPlanConfig,
} from '../../core/tracking-plan.ts';
import type { TransformationConfig } from '../../core/transformations/transformation-config.ts';
import type { SourceRow } from '../sources/find-source.ts';
import { readSchemaSettings } from '../sources/schema-settings.ts';

/** What shapes events on their way, for the snapshot. */
export interface Shaping {
  /** Those that a source has. */
  readonly trackingPlans: readonly TrackingPlanConfig[];
  ofSource(row: SourceRow): Pick<SourceConfig, 'plan' | 'transformations'>;
  /** `kind`: id and name of the kind of destination. */
  ofConnection(
    sourceId: string,
    kind: { readonly id: string; readonly name: string },
  ): Pick<ConnectionConfig, 'transformations' | 'eventsOff'>;
}

/** Reads tracking plans, transformations and the switches of the sources' schemas. */
export async function readShaping(db: Kysely<ControlTables>): Promise<Shaping> {
  const transformations = await transformationsByPlace(db);
  const plans = await plansBySource(db);
  const sources = await db.selectFrom('source').select(['id', 'client_settings']).execute();
  const switches = new Map(
    sources.map((row): [string, JsonObject] => {
      const settings: ClientSettings = JSON.parse(row.client_settings);
      return [row.id, settings.plan?.track ?? {}];
    }),
  );
  return {
    trackingPlans: await readPlans(db, new Set(plans.values())),
    ofSource(row) {
      const plan = plans.get(row.id);
      const own = transformations.get(placeOf(row.id, ''));
      return {
        ...(plan !== undefined && { plan: enforced(row, plan) }),
        ...(own !== undefined && { transformations: own }),
      };
    },
    ofConnection(sourceId, { id, name }) {
      const own = transformations.get(placeOf(sourceId, id));
      const eventsOff = Object.entries(switches.get(sourceId) ?? {}).flatMap(([event, entry]) =>
        event !== '__default' && isOffFor(entry, name) ? [event] : [],
      );
      return {
        ...(own !== undefined && { transformations: own }),
        ...(eventsOff.length > 0 && { eventsOff }),
      };
    },
  };
}

function isOffFor(entry: unknown, name: string): boolean {
  const integrations = isJsonObject(entry) ? entry['integrations'] : undefined;
  return isJsonObject(integrations) && integrations[name] === false;
}

const placeOf = (sourceId: string, kindId: string): string => `${sourceId} ${kindId}`;

/** Those that are on, in order. The keys of hashes are sealed as they are stored. */
async function transformationsByPlace(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, TransformationConfig[]>> {
  const rows = await db
    .selectFrom('transformation')
    .select(['id', 'source_id', 'destination_metadata_id', 'condition', 'work'])
    .where('enabled', '=', 1)
    .orderBy('position')
    .execute();
  const byPlace = new Map<string, TransformationConfig[]>();
  for (const row of rows) {
    const place = placeOf(row.source_id, row.destination_metadata_id);
    const list = byPlace.get(place) ?? [];
    list.push({ id: row.id, if: row.condition, work: JSON.parse(row.work) });
    byPlace.set(place, list);
  }
  return byPlace;
}

/** Ids of live plans by source. */
async function plansBySource(db: Kysely<ControlTables>): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('tracking_plan_source')
    .innerJoin('tracking_plan', 'tracking_plan.id', 'tracking_plan_source.tracking_plan_id')
    .select(['tracking_plan_source.source_id', 'tracking_plan.id'])
    .execute();
  return new Map(rows.map((row) => [row.source_id, row.id]));
}

async function readPlans(
  db: Kysely<ControlTables>,
  used: ReadonlySet<string>,
): Promise<TrackingPlanConfig[]> {
  if (used.size === 0) return [];
  const plans = await db
    .selectFrom('tracking_plan')
    .select(['id', 'name'])
    .where('id', 'in', [...used])
    .orderBy('position')
    .execute();
  const rules = await db
    .selectFrom('tracking_plan_rule')
    .select(['tracking_plan_id', 'type', 'key', 'version', 'json_schema'])
    .where('tracking_plan_id', 'in', [...used])
    .orderBy('position')
    .execute();
  const byPlan = Map.groupBy(rules, (row) => row.tracking_plan_id);
  return plans.map(({ id, name }) => ({ id, name, rules: (byPlan.get(id) ?? []).map(ruleOf) }));
}

function ruleOf(row: {
  readonly type: string;
  readonly key: string;
  readonly version: number;
  readonly json_schema: string;
}): PlanRule {
  return {
    type: row.type,
    key: row.key,
    version: Number(row.version),
    schema: JSON.parse(row.json_schema),
  } as PlanRule;
}

/** What was set for the source, as the data plane has it. */
function enforced(row: SourceRow, plan: string): SourcePlan {
  const settings = readSchemaSettings(row);
  const { forwardingViolationsTo: violations, forwardingBlockedEventsTo: blocked } = settings;
  const parts = ['track', 'identify', 'group'].map((part) => {
    const { commonEventOnViolations: common, ...rest } = objectOf(settings[part]);
    return [part, { ...rest, common: breachOf(common) }] as const;
  });
  return {
    ...(Object.fromEntries(parts) as unknown as Pick<
      PlanEnforcement,
      'track' | 'identify' | 'group'
    >),
    plan,
    ...(typeof violations === 'string' && { violationsTo: violations }),
    ...(typeof blocked === 'string' && { blockedEventsTo: blocked }),
  };
}

function breachOf(common: unknown): CommonBreach {
  if (common === 'BLOCK') return common;
  return common === 'OMIT_PROPERTIES' || common === 'OMIT_TRAITS' ? 'OMIT' : 'ALLOW';
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
