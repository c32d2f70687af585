import type { DiscardCode } from '../core/discard-codes.ts';
import type { ErrorCode } from '../core/errors.ts';
import { Counter, type Registry } from '../core/prometheus.ts';
import { AckHistogram } from './ack-histogram.ts';
import type { SourceState } from './source-state.ts';
import type { Verdict } from './verdict.ts';

type RequestCode = 'ok' | 'empty_batch_result' | 'multi_user_error' | ErrorCode | DiscardCode;

/** What ingest counts. Plain numbers on the hot path; prom-client copies them when the metrics are read. */
export class IngestCounters {
  #ok = 0;
  #bytes = 0;
  readonly #others = new Map<RequestCode, number>();
  readonly #ack: AckHistogram;

  constructor(registry: Registry, sources: () => Iterable<SourceState>) {
    const registers = [registry];
    const requests = () => [['ok', this.#ok] as const, ...this.#others];
    const bytes = () => this.#bytes;
    new Counter({
      name: 'tributary_ingest_requests_total',
      help: 'Requests to the Tracking API by outcome: `ok`, or an error or discard code.',
      labelNames: ['code'],
      registers,
      collect() {
        this.reset();
        for (const [code, count] of requests()) this.inc({ code }, count);
      },
    });
    new Counter({
      name: 'tributary_ingest_events_accepted_total',
      help: 'Events acknowledged as durable, by source id.',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const { id, accepted } of sources()) this.inc({ source: id }, accepted);
      },
    });
    new Counter({
      name: 'tributary_ingest_events_refused_total',
      help: 'Events recorded as discards at ingest, by source id and discard code.',
      labelNames: ['source', 'code'],
      registers,
      collect() {
        this.reset();
        for (const { id, refused } of sources()) {
          for (const [code, count] of refused) this.inc({ source: id, code }, count);
        }
      },
    });
    new Counter({
      name: 'tributary_ingest_bytes_total',
      help: 'Bytes of acknowledged request bodies, after inflation.',
      registers,
      collect() {
        this.reset();
        this.inc(bytes());
      },
    });
    this.#ack = new AckHistogram(
      'tributary_ingest_ack_seconds',
      'Seconds from the last byte of a request to its answer, the flush included.',
      registry,
    );
  }

  /** A request that is durable and about to be answered. */
  acknowledge(verdict: Verdict, bytes: number, milliseconds: number): void {
    this.#ack.add(milliseconds / 1000);
    this.#bytes += bytes;
    const code = codeOf(verdict);
    if (code === 'ok') this.#ok += 1;
    else this.#count(code);
  }

  /** Its refused events. */
  refuse(source: SourceState, verdict: Verdict): void {
    if (verdict.discard !== undefined) source.countRefused(verdict.discard, verdict.count ?? 1);
    for (const { refusal } of verdict.rejections ?? []) source.countRefused(refusal.code, 1);
  }

  /** A request that was answered with an error and left nothing behind. */
  fail(code: ErrorCode | DiscardCode): void {
    this.#count(code);
  }

  #count(code: RequestCode): void {
    this.#others.set(code, (this.#others.get(code) ?? 0) + 1);
  }
}

function codeOf({ discard, problem, rejections, good }: Verdict): RequestCode {
  if (discard !== undefined) return discard;
  if (problem !== undefined) return problem.code;
  if (rejections === undefined) return 'ok';
  return good === 0 ? 'empty_batch_result' : 'multi_user_error';
}
