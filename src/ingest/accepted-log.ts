import type { LogWriter } from '../core/event-log.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { type AcceptedMeta, recordKinds } from '../core/records.ts';
import type { StagedRequest } from '../core/staged-request.ts';
import { type AcceptedRequest, metaText } from './accepted-request.ts';
import { guardAddress, guardPayload } from './guard-addresses.ts';
import { partitionOf } from './partition-of.ts';
import { splitRequest } from './split-request.ts';

interface AcceptedWebhook {
  readonly source: { readonly id: string };
  /** receivedAt, milliseconds. */
  readonly time: number;
  readonly staged: StagedRequest;
  /** It came by a test key. */
  readonly test: boolean;
}

/** Appends requests to `accepted`: the bytes as they came, unless a batch touches several partitions. */
export class AcceptedLog {
  readonly #writers: readonly LogWriter[];
  readonly #only: LogWriter | undefined;
  readonly #randomHex: (bytes: number) => string;

  constructor(writers: readonly LogWriter[], randomHex: (bytes: number) => string) {
    this.#writers = writers;
    this.#only = writers.length === 1 ? writers[0] : undefined;
    this.#randomHex = randomHex;
  }

  /** Resolves once the request is durable in every partition it touches; rejects when one cannot take it. */
  append(received: AcceptedRequest): Promise<unknown> {
    const request = guarded(received);
    if (this.#only !== undefined) return this.#write(this.#only, request);
    const source = request.source.id;
    const { exact } = request.payload;
    const items: Json | undefined = request.call === undefined ? exact['batch'] : undefined;
    if (!Array.isArray(items)) return this.#writeTo(this.#partition(source, exact), request);
    const parts = splitRequest(
      request,
      items,
      (item) => this.#partition(source, item),
      () => this.#randomHex(16),
    );
    return Promise.all(parts.map((part) => this.#writeTo(part.partition, part.request)));
  }

  /** The same for a request to a source function. */
  appendWebhook({ source, time, staged, test }: AcceptedWebhook): Promise<unknown> {
    // In no order with others: any partition will do.
    const partition = this.#partition(source.id, { userId: staged.messageId });
    const writer = this.#writers[partition];
    if (writer === undefined) return Promise.reject(new RangeError(`no partition ${partition}`));
    const meta: AcceptedMeta = { t: time, ...(test && { test }) };
    return writer.append([
      {
        ...{ kind: recordKinds.webhook, source: source.id, meta: JSON.stringify(meta) },
        body: Buffer.from(JSON.stringify(staged)),
      },
    ]);
  }

  #partition(source: string, item: Json): number {
    return isJsonObject(item) ? partitionOf(source, item, this.#writers.length) : 0;
  }

  #writeTo(partition: number, request: AcceptedRequest): Promise<unknown> {
    const writer = this.#writers[partition];
    return writer === undefined
      ? Promise.reject(new RangeError(`no partition ${partition}`))
      : this.#write(writer, request);
  }

  #write(writer: LogWriter, request: AcceptedRequest): Promise<unknown> {
    return writer.append([
      {
        kind: recordKinds.request,
        source: request.source.id,
        meta: metaText(request),
        body: request.payload.bytes,
      },
    ]);
  }
}

/** The request without the addresses that its source does not want written anywhere. */
function guarded(request: AcceptedRequest): AcceptedRequest {
  const rule = request.source.addressRule;
  if (rule === undefined) return request;
  const { ip, payload } = request;
  return { ...request, ip: guardAddress(ip, rule), payload: guardPayload(payload, rule) };
}
