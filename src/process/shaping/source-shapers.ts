import type { SecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder, SourceConfig } from '../../core/snapshot.ts';
import { openKeys } from '../../core/transformations/open-keys.ts';
import { CompiledPlan } from '../plan/compiled-plan.ts';
import { SourceShaper } from './source-shaper.ts';

/** The shapers of all sources that ask for one, made once for a snapshot. */
export class SourceShapers {
  readonly #holder: SnapshotHolder;
  readonly #secrets: (() => SecretBox) | undefined;
  #snapshot: Snapshot | undefined;
  #shapers: ReadonlyMap<string, SourceShaper> = new Map();

  /** `secrets`: opens the keys of hashes; read when one is sealed. */
  constructor(holder: SnapshotHolder, secrets?: () => SecretBox) {
    this.#holder = holder;
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

  #opened(source: SourceConfig): SourceConfig {
    const { transformations } = source;
    if (transformations === undefined || this.#secrets === undefined) return source;
    return { ...source, transformations: openKeys(transformations, this.#secrets) };
  }
}
