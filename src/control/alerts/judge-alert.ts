import { limits } from '../../core/limits.ts';

export interface AlertState {
  readonly status: 'OK' | 'ALERTING';
  /** Measurements within bounds in a row, while it is alerting. */
  readonly calm: number;
}

export interface AlertBounds {
  /** Less than this is out of bounds; null: nothing is too little. */
  readonly below: number | null;
  /** More than this is. */
  readonly above: number | null;
}

/** The state after a measurement: out of bounds once, it alerts; only some calm measurements in a row resolve it. */
export function judgeAlert(state: AlertState, value: number, bounds: AlertBounds): AlertState {
  const { below, above } = bounds;
  const isOut = (below !== null && value < below) || (above !== null && value > above);
  if (isOut) return { status: 'ALERTING', calm: 0 };
  if (state.status === 'OK') return { status: 'OK', calm: 0 };
  const calm = state.calm + 1;
  return calm >= limits.alertCalmMeasurements
    ? { status: 'OK', calm: 0 }
    : { status: 'ALERTING', calm };
}
