import type { DestinationKind } from '../../../core/destination.ts';
import {
  type ConnectionMode,
  connectionModes,
  modeOfKind,
} from '../../destinations/connection-mode.ts';
import { InputFailure } from '../../input-failure.ts';

/**
 * The mode that a destination is asked to run in; '' is UNSPECIFIED. Throws `input_validation` for one in
 * which its kind does not run here.
 */
export function connectionModeInput(kind: DestinationKind, given: string): ConnectionMode {
  const possible = connectionModes.filter(
    (mode) => mode === 'UNSPECIFIED' || mode === modeOfKind(kind),
  );
  const mode = possible.find((known) => known === (given || 'UNSPECIFIED'));
  if (mode !== undefined) return mode;
  const field = 'destination.connection_mode';
  const message = `"${field}" of ${kind.name} must be one of [${possible.join(', ')}]`;
  throw new InputFailure([{ field, message }]);
}
