import { Counter, Gauge, type Registry } from '../../core/prometheus.ts';
import type { ProcessName } from './process-name.ts';

/** Memory and CPU of this process, read when scraped: nothing runs in between. */
export function registerProcessMetrics(registry: Registry, processName: ProcessName): void {
  new Gauge({
    name: 'tributary_process_resident_bytes',
    help: 'Resident memory of the process.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.set({ process: processName }, process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'tributary_process_cpu_seconds_total',
    help: 'CPU time of the process, user and system.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc({ process: processName }, (user + system) / 1e6);
    },
  });
}
