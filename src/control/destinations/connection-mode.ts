import type { DestinationKind } from '../../core/destination.ts';
import { isDeviceDestination } from '../../core/device-mode.ts';
import type { DestinationRow } from './find-destination.ts';

/** Where the code of a destination runs; UNSPECIFIED is left to its kind (spec config-api §2). */
export const connectionModes = ['CLOUD', 'DEVICE', 'UNSPECIFIED'] as const;
export type ConnectionMode = (typeof connectionModes)[number];

/** The only one in which destinations of this kind can run here. */
export function modeOfKind(kind: DestinationKind): Exclude<ConnectionMode, 'UNSPECIFIED'> {
  return isDeviceDestination(kind) ? 'DEVICE' : 'CLOUD';
}

/** As the destination was asked to run, which is as its kind does unless it was left open. */
export function modeOf(kind: DestinationKind, row: DestinationRow): ConnectionMode {
  return row.connection_mode === 'UNSPECIFIED' ? 'UNSPECIFIED' : modeOfKind(kind);
}

/** As the table keeps it: only what is not said by the kind. */
export function storedMode(mode: ConnectionMode | undefined): string | null {
  return mode === 'UNSPECIFIED' ? mode : null;
}
