import { Histogram, type Registry } from '../core/prometheus.ts';

const bounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
] as const;

/** A histogram without labels that costs the hot path one addition; its text is made when it is read. */
export class AckHistogram extends Histogram {
  /** Observations per bucket, not cumulative; the last is beyond all bounds. */
  readonly #counts = new Float64Array(bounds.length + 1);
  #sum = 0;
  readonly #name: string;
  readonly #help: string;

  constructor(name: string, help: string, registry: Registry) {
    super({ name, help, buckets: [...bounds], registers: [registry] });
    this.#name = name;
    this.#help = help;
  }

  /** Adds one observation, in seconds. */
  add(seconds: number): void {
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** What prom-client prints, in place of the observations it would have kept itself. */
  getForPromString(): Promise<object> {
    let total = 0;
    const buckets = Array.from(this.#counts, (count, index) => {
      total += count;
      const le = bounds[index] ?? '+Inf';
      return this.#sample('bucket', total, { le });
    });
    const sum = this.#sample('sum', this.#sum);
    const count = this.#sample('count', total);
    const values = [...buckets, sum, count];
    const about = { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum' };
    return Promise.resolve({ ...about, values });
  }
  /** `sharedLabels`: prom-client asks for it when it reads the registry as JSON. */
  #sample(part: string, value: number, labels: object = {}): object {
    return { metricName: `${this.#name}_${part}`, labels, sharedLabels: {}, value };
  }
}
