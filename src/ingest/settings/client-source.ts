import type { ClientSettings } from '../../core/client-settings.ts';
import type { ConnectionConfig, DeviceConfig, Snapshot } from '../../core/snapshot.ts';

/** What the settings of one source are made of: what is set for it, and its enabled destinations. */
export interface ClientSource {
  readonly settings: ClientSettings;
  /** Delivered to by the server. */
  readonly connections: readonly ConnectionConfig[];
  /** Delivered to by analytics.js. */
  readonly devices: readonly DeviceConfig[];
}

export function clientSource(snapshot: Snapshot, sourceId: string): ClientSource {
  const isOurs = (destination: ConnectionConfig | DeviceConfig) =>
    destination.sourceId === sourceId && destination.enabled;
  return {
    settings: snapshot.sources.find(({ id }) => id === sourceId)?.clientSettings ?? {},
    connections: snapshot.connections.filter(isOurs),
    devices: (snapshot.deviceDestinations ?? []).filter(isOurs),
  };
}
