import { TributaryError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Logger } from '../../core/logger.ts';
import { isSealed, openJsonSettings, type SecretBox } from '../../core/secret-box.ts';
import type {
  ConnectionConfig,
  Snapshot,
  SnapshotHolder,
  SourceConfig,
} from '../../core/snapshot.ts';
import { stagedSource } from '../../core/staged-request.ts';
import { requestSlug } from '../../functions/stage/request-lane.ts';
import { returnSlug } from '../../functions/stage/return-lane.ts';

/**
 * The sources whose events or requests wait for a function, as connections that deliver can run: their destination is the
 * log `events`, or ingest. One that has come stays while its source is there, so that what waits for it goes on
 * when the function is taken away.
 */
export class StagedSnapshot implements SnapshotHolder {
  readonly #holder: SnapshotHolder;
  readonly #box: () => SecretBox;
  readonly #logger: Logger;
  /** Ids of connections. */
  readonly #known: Set<string>;
  /** Ids of the sources among them whose events wait: asked for with each event. */
  readonly #waiting = new Set<string>();
  #last: { readonly of: Snapshot; readonly made: Snapshot } | undefined;

  /** `known`: those that an earlier run has left cursors of. */
  constructor(
    holder: SnapshotHolder,
    box: () => SecretBox,
    logger: Logger,
    known: Iterable<string>,
  ) {
    this.#holder = holder;
    this.#box = box;
    this.#logger = logger;
    this.#known = new Set(known);
  }

  /** Whether events of the source wait, also those that it left behind when its function was taken away. */
  takes(source: string): boolean {
    this.#refresh();
    return this.#waiting.has(source);
  }

  get current(): Snapshot {
    return this.#refresh();
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    return this.#holder.subscribe(() => listener(this.#refresh()));
  }

  #refresh(): Snapshot {
    const snapshot = this.#holder.current;
    if (this.#last?.of === snapshot) return this.#last.made;
    const connections = snapshot.sources.flatMap((source) => this.#connectionsOf(source));
    const made: Snapshot = { ...snapshot, connections, replays: [] };
    this.#last = { of: snapshot, made };
    return made;
  }

  #connectionsOf(source: SourceConfig): ConnectionConfig[] {
    const { id, insert, function: code } = source;
    const made: ConnectionConfig[] = [];
    if (this.#isKnown(insertId(id), insert !== undefined)) {
      this.#waiting.add(id);
      made.push({
        ...connection(insertId(id), id, returnSlug),
        settings: { source: id },
        ...(insert !== undefined && {
          insert: { ...insert, settings: this.#opened(insert.settings, insert.id) },
        }),
      });
    }
    if (this.#isKnown(stagedSource(id), code !== undefined)) {
      made.push({
        ...connection(stagedSource(id), stagedSource(id), requestSlug),
        settings: code === undefined ? {} : this.#opened(code.settings, id),
        ...(code !== undefined && { function: code }),
      });
    }
    return made;
  }

  /** Without a key to open them with, functions run without their secrets: the other sources go on. */
  #opened(settings: JsonObject, owner: string): JsonObject {
    if (!Object.values(settings).some(isSealed)) return settings;
    try {
      return openJsonSettings(this.#box(), settings, owner);
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      this.#logger.error({ err: error, owner }, 'secrets of a function cannot be opened here');
      return Object.fromEntries(Object.entries(settings).filter(([, value]) => !isSealed(value)));
    }
  }

  #isKnown(id: string, isWanted: boolean): boolean {
    if (isWanted) this.#known.add(id);
    return this.#known.has(id);
  }
}

/** Cursors of `staged` have partitions of their own: -1 for 0, -2 for 1, … */
export function stagedPartition(partition: number): number {
  return -1 - partition;
}

/** The connection by which the events of a source go through its insert function. */
export function insertId(source: string): string {
  return `insert.${source}`;
}

function connection(
  id: string,
  sourceId: string,
  slug: string,
): Omit<ConnectionConfig, 'settings'> {
  return { id, sourceId, slug, integration: '', enabled: true, since: 0, takes: 'all' };
}
