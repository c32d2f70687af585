import type { TestContext } from 'node:test';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import type { SourceConfig } from '../../core/snapshot.ts';
import type { PlanEnforcement, PlanRule } from '../../core/tracking-plan.ts';
import { createMemoryKeySet } from '../../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { discardsOf, eventsOf, StillClock, startRig } from './process-rig.ts';

const traits = {
  allowUnplannedTraits: true,
  allowTraitsOnViolations: true,
  common: 'ALLOW',
} as const;
export const lenient: PlanEnforcement = {
  track: {
    allowUnplannedEvents: true,
    allowUnplannedEventProperties: true,
    allowEventOnViolations: false,
    allowPropertiesOnViolations: true,
    common: 'ALLOW',
  },
  identify: traits,
  group: traits,
};
export const strict = (track: Partial<PlanEnforcement['track']>): PlanEnforcement => ({
  ...lenient,
  track: { ...lenient.track, ...track },
});

export const rule = (
  type: PlanRule['type'],
  key: string,
  bag: JsonObject,
  version = 1,
): PlanRule => ({
  ...{ type, key, version },
  schema: {
    properties: { [type === 'IDENTIFY' || type === 'GROUP' ? 'traits' : 'properties']: bag },
  },
});
export const bought = rule('TRACK', 'Bought', {
  type: 'object',
  required: ['price'],
  properties: {
    price: { type: 'number' },
    items: { type: 'array', items: { properties: { sku: { type: 'string' } } } },
  },
});

export interface Wish {
  readonly source?: Partial<SourceConfig>;
  readonly rules?: readonly PlanRule[];
  readonly enforcement?: PlanEnforcement;
  readonly forward?: (items: readonly Redelivery[]) => 'accepted' | 'failed';
}

export async function stand(
  t: TestContext,
  { source, rules, enforcement = lenient, forward }: Wish,
) {
  const engine = await openMemoryLogEngine({ clock: new StillClock() });
  const rig = await startRig({
    engine,
    openKeys: async () => createMemoryKeySet(),
    clock: new StillClock(),
    sources: [
      {
        ...{ id: 'src_1', slug: 's', name: 'Shop', enabled: true, writeKeys: [], limits: {} },
        ...(rules && { plan: { plan: 'tp', ...enforcement } }),
        ...source,
      },
    ],
    ...(rules && { trackingPlans: [{ id: 'tp', name: 'Plan', rules }] }),
    ...(forward && {
      forward: async (items) => {
        const kind = forward(items);
        return items.map(() => (kind === 'failed' ? { kind, message: 'away' } : { kind }));
      },
    }),
  });
  t.after(() => rig.stop());
  return { engine, rig };
}

export async function outcome(t: TestContext, wish: Wish, ...events: readonly JsonObject[]) {
  const { engine, rig } = await stand(t, wish);
  const batch: Json = events.map((event, index) => ({
    userId: 'u',
    messageId: `m${index}`,
    ...event,
  }));
  await rig.send({ batch });
  await rig.caughtUp();
  return { events: await eventsOf(engine), discards: await discardsOf(engine), rig };
}

export const track = (event: string, properties: JsonObject) => ({
  type: 'track',
  event,
  properties,
});

export function protocolsOf(event: JsonObject | undefined): Json | undefined {
  const context = event?.['context'];
  return isJsonObject(context) ? context['protocols'] : undefined;
}
