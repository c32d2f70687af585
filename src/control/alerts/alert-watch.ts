import type { Updateable } from 'kysely';
import type { Http } from '../../core/http.ts';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import { counterIn, type Registry } from '../../core/prometheus.ts';
import type { AlertTable } from '../../core/tables/delivery-tables.ts';
import type { Environment } from '../environment.ts';
import { RegularLook } from '../regular-look.ts';
import { type AlertNotice, addPending, noticeOf, readPending } from './alert-notice.ts';
import type { AlertRow } from './find-alert.ts';
import { judgeAlert } from './judge-alert.ts';
import { measureAlert } from './measure-alert.ts';

interface AlertWatchDeps {
  readonly environment: Environment;
  readonly leases: Leases;
  readonly http: Http;
  readonly registry: Registry;
}

/**
 * Measures the alerts once a minute, of several nodes one at a time. A change of state is committed
 * together with the notice of it, and told once that is durable: to the log at once, to the webhook until it takes it. So a
 * change is told once, unless a node dies between the webhook's answer and the commit of it; the notice then comes
 * again under the same id.
 */
export class AlertWatch {
  readonly #deps: AlertWatchDeps;
  readonly #changes;
  readonly #notices;
  readonly #looking: RegularLook;

  constructor(deps: AlertWatchDeps) {
    this.#deps = deps;
    const { registry } = deps;
    this.#changes = counterIn(registry, {
      name: 'tributary_alert_changes_total',
      help: 'Alerts that went out of their bounds or came back, by the state they are in since.',
      labelNames: ['status'],
    });
    this.#notices = counterIn(registry, {
      name: 'tributary_alert_notices_total',
      help: 'Requests to the webhooks of alerts, by outcome: `delivered` or `failed`.',
      labelNames: ['outcome'],
    });
    this.#looking = new RegularLook({
      ...deps,
      lease: 'alerts',
      everyMs: limits.alertEveryMs,
      look: (lease, signal) => this.#look(lease, signal),
      failure: 'alerts could not be measured',
    });
  }

  /** Resolves when nothing is measured or told any more. */
  close(): Promise<void> {
    return this.#looking.close();
  }

  async #look(lease: Lease, signal: AbortSignal): Promise<void> {
    const { db, clock } = this.#deps.environment;
    const rows = await db
      .selectFrom('alert')
      .selectAll()
      .where('enabled', '=', 1)
      .orderBy('position')
      .execute();
    const settled = clock.now() - limits.alertEveryMs / 2;
    for (const row of rows) {
      // Measured by another node a moment ago.
      if (Number(row.evaluated_at ?? 0) > settled) continue;
      if (signal.aborted || !lease.holds()) return;
      await this.#tell(lease, await this.#evaluate(lease, row), signal);
    }
  }

  /** Measures one alert; resolves with its row as it is since. */
  async #evaluate(lease: Lease, row: AlertRow): Promise<AlertRow> {
    const { environment } = this.#deps;
    const now = environment.clock.now();
    const value = await measureAlert(environment, row);
    const status = row.status === 'ALERTING' ? 'ALERTING' : 'OK';
    const before = { status, calm: row.calm } as const;
    const after = value === undefined ? before : judgeAlert(before, value, row);
    const isChanged = after.status !== status && value !== undefined;
    const notice = isChanged
      ? noticeOf(row, after.status === 'OK' ? 'alert.resolved' : 'alert.triggered', value, now)
      : undefined;
    const told = notice !== undefined && row.webhook_url !== null;
    const next: AlertRow = {
      ...row,
      ...after,
      value: value ?? null,
      evaluated_at: now,
      ...(isChanged && { changed_at: now }),
      ...(told && { pending: JSON.stringify(addPending(row, notice)) }),
    };
    const written = await this.#write(lease, row, {
      status: next.status,
      calm: next.calm,
      value: next.value,
      evaluated_at: now,
      changed_at: next.changed_at,
      pending: next.pending,
    });
    if (!written || notice === undefined) return next;
    this.#changes.inc({ status: after.status });
    const words = after.status === 'OK' ? 'an alert is resolved' : 'an alert is triggered';
    environment.logger[after.status === 'OK' ? 'info' : 'warn'](
      { alert: notice.alert, value: notice.value },
      words,
    );
    return next;
  }

  /** Sends what is pending, oldest first, until the webhook does not take it. */
  async #tell(lease: Lease, row: AlertRow, signal: AbortSignal): Promise<void> {
    const { secrets } = this.#deps.environment;
    if (row.webhook_url === null) return;
    const pending = [...readPending(row)];
    if (pending.length === 0) return;
    const url = secrets.open(row.webhook_url, row.id);
    let failure: string | null = url === undefined ? 'Its address cannot be unsealed' : null;
    while (url !== undefined && pending[0] !== undefined && lease.holds()) {
      failure = await this.#post(url, pending[0], signal);
      this.#notices.inc({ outcome: failure === null ? 'delivered' : 'failed' });
      if (failure !== null) break;
      pending.shift();
    }
    await this.#write(lease, row, { pending: JSON.stringify(pending), last_error: failure });
  }

  /** Why the webhook did not take it; null when it did. */
  async #post(url: string, notice: AlertNotice, signal: AbortSignal): Promise<string | null> {
    const { http, environment } = this.#deps;
    const answer = await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
      timeoutMs: limits.alertNoticeTimeoutMs,
      signal,
    });
    const failure =
      'failure' in answer
        ? answer.message
        : answer.status >= 300
          ? `It answered ${answer.status}`
          : null;
    if (failure !== null) {
      environment.logger.warn(
        { alert: notice.alert.id, failure },
        'the webhook of an alert does not take it',
      );
    }
    return failure;
  }

  /** False when the alert is gone. Refused with `lease_lost` when another node watches by now. */
  async #write(lease: Lease, { id }: AlertRow, change: Updateable<AlertTable>): Promise<boolean> {
    return await this.#deps.environment.db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      const { numUpdatedRows } = await trx
        .updateTable('alert')
        .set(change)
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }
}
