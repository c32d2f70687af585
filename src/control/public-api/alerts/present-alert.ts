import { type AlertRow, alertMetrics } from '../../alerts/find-alert.ts';
import { maskSecret } from '../../catalog/masked.ts';
import type { Environment } from '../../environment.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Alert } from '../models/alert.ts';

export function presentAlert(
  { secrets }: Pick<Environment, 'secrets'>,
  row: AlertRow,
): Static<typeof Alert> {
  const url = row.webhook_url === null ? null : (secrets.open(row.webhook_url, row.id) ?? '');
  const pending: unknown[] = JSON.parse(row.pending);
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled === 1,
    metric: alertMetrics.find((metric) => metric === row.metric) ?? 'VOLUME',
    sourceId: row.source_id,
    destinationId: row.destination_id,
    below: row.below,
    above: row.above,
    windowMinutes: row.window_minutes,
    webhookUrl: url === null ? null : maskSecret(url),
    status: row.status === 'ALERTING' ? 'ALERTING' : 'OK',
    value: row.value,
    changedAt: row.changed_at === null ? null : isoTime(Number(row.changed_at)),
    evaluatedAt: row.evaluated_at === null ? null : isoTime(Number(row.evaluated_at)),
    pendingNotices: pending.length,
    lastError: row.last_error,
    createdAt: isoTime(Number(row.created_at)),
  };
}
