import { Registry } from '../../core/prometheus.ts';

/**
 * A registry for each partition that this process has ever worked on: what is counted goes on counting when a
 * partition comes back, what is shown ends with the work. `/metrics` merges them.
 */
export class PartitionRegistries {
  readonly #registries = new Map<string, Registry>();

  of(role: string, partition: number): Registry {
    const name = `${role}/${partition}`;
    const registry = this.#registries.get(name) ?? new Registry();
    this.#registries.set(name, registry);
    return registry;
  }

  get all(): readonly Registry[] {
    return [...this.#registries.values()];
  }
}
