import { limits } from '../../core/limits.ts';
import type { AlertRow } from './find-alert.ts';

/** What is told of a change: the body of the webhook. */
export interface AlertNotice {
  /** The same however often it is told. */
  readonly id: string;
  readonly type: 'alert.triggered' | 'alert.resolved';
  readonly at: string;
  readonly value: number;
  readonly alert: {
    readonly id: string;
    readonly name: string;
    readonly metric: string;
    readonly sourceId: string | null;
    readonly destinationId: string | null;
    readonly below: number | null;
    readonly above: number | null;
    readonly windowMinutes: number;
  };
}

export function noticeOf(
  row: AlertRow,
  type: AlertNotice['type'],
  value: number,
  now: number,
): AlertNotice {
  return {
    id: `${row.id}-${now}`,
    type,
    at: new Date(now).toISOString(),
    value,
    alert: {
      id: row.id,
      name: row.name,
      metric: row.metric,
      sourceId: row.source_id,
      destinationId: row.destination_id,
      below: row.below,
      above: row.above,
      windowMinutes: row.window_minutes,
    },
  };
}

/** Those that are still to be told, oldest first. */
export function readPending(row: AlertRow): readonly AlertNotice[] {
  return JSON.parse(row.pending) as readonly AlertNotice[];
}

/** With another: a webhook that takes nothing for long hears of the newest. */
export function addPending(row: AlertRow, notice: AlertNotice): readonly AlertNotice[] {
  return [...readPending(row), notice].slice(-limits.alertPendingNotices);
}
