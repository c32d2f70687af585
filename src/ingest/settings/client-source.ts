import type { ClientSettings } from '../../core/client-settings.ts';
import { consentEvent } from '../../core/event.ts';
import type { ConnectionConfig, DeviceConfig, Snapshot } from '../../core/snapshot.ts';

/** What the settings of one source are made of: what is set for it, and its enabled destinations. */
export interface ClientSource {
  readonly settings: ClientSettings;
  /** Delivered to by the server. */
  readonly connections: readonly ConnectionConfig[];
  /** Delivered to by analytics.js. */
  readonly devices: readonly DeviceConfig[];
  /** Names of the events of its tracking plan, where it blocks all others. */
  readonly onlyEvents?: readonly string[];
}

export function clientSource(snapshot: Snapshot, sourceId: string): ClientSource {
  const isOurs = (destination: ConnectionConfig | DeviceConfig) =>
    destination.sourceId === sourceId && destination.enabled;
  const source = snapshot.sources.find(({ id }) => id === sourceId);
  const plan = source?.plan?.track.allowUnplannedEvents === false ? source.plan.plan : undefined;
  const rules = snapshot.trackingPlans?.find(({ id }) => id === plan)?.rules;
  const planned = rules?.flatMap(({ type, key }) => (type === 'TRACK' ? [key] : []));
  return {
    ...(planned && { onlyEvents: [...new Set([...planned, consentEvent])] }),
    settings: source?.clientSettings ?? {},
    connections: snapshot.connections.filter(isOurs),
    devices: (snapshot.deviceDestinations ?? []).filter(isOurs),
  };
}
