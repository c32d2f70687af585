import { TributaryError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { SecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder, SourceConfig } from '../../core/snapshot.ts';
import { openKeys } from '../../core/transformations/open-keys.ts';
import { CompiledPlan } from '../plan/compiled-plan.ts';
import { SourceShaper } from './source-shaper.ts';

/** The shapers of all sources that ask for one, made once for a snapshot. */
export class SourceShapers {
  readonly #holder: SnapshotHolder;
  readonly #logger: Logger;
  readonly #secrets: (() => SecretBox) | undefined;
  #snapshot: Snapshot | undefined;
  #shapers: ReadonlyMap<string, SourceShaper> = new Map();

  /** `secrets`: opens the keys of hashes; read when one is sealed. */
  constructor(holder: SnapshotHolder, logger: Logger, secrets?: () => SecretBox) {
    this.#holder = holder;
    this.#logger = logger;
    this.#secrets = secrets;
  }

  /** Takes the configuration as it is now. To be awaited before each batch; undefined when nothing changed. */
  refresh(): Promise<void> | undefined {
    const { current } = this.#holder;
    return current === this.#snapshot ? undefined : this.#take(current);
  }

  of(source: string): SourceShaper | undefined {
    return this.#shapers.get(source);
  }

  async #take(snapshot: Snapshot): Promise<void> {
    const { sources, trackingPlans = [] } = snapshot;
    const plans = new Map<string, CompiledPlan>();
    if (trackingPlans.length > 0) {
      // Large, and most servers have no plan.
      const { compilePattern } = await import('../../core/pattern.ts');
      for (const plan of trackingPlans) plans.set(plan.id, new CompiledPlan(plan, compilePattern));
    }
    const shapers = new Map<string, SourceShaper>();
    for (const source of sources) {
      const shaper = SourceShaper.of(this.#opened(source), plans.get(source.plan?.plan ?? ''));
      if (shaper !== undefined) shapers.set(source.id, shaper);
    }
    this.#shapers = shapers;
    this.#snapshot = snapshot;
  }

  /** Without a key to open them with, what they hash goes no further: the other sources go on. */
  #opened(source: SourceConfig): SourceConfig {
    const { id, transformations } = source;
    if (transformations === undefined || this.#secrets === undefined) return source;
    try {
      return { ...source, transformations: openKeys(transformations, this.#secrets) };
    } catch (err) {
      if (!(err instanceof TributaryError)) throw err;
      this.#logger.error({ err, source: id }, 'keys of transformations cannot be opened here');
      return source;
    }
  }
}
