import { createRequire } from 'node:module';
import type * as promClient from 'prom-client';

type PromClient = typeof promClient;

/**
 * The metric types of prom-client, by the files that define them: its entry also loads a push gateway,
 * cluster support and with them an HTTP client, 15 MB in each process of a node.
 */
const load = createRequire(import.meta.url);

export const Registry: PromClient['Registry'] = load('prom-client/lib/registry.js');
export type Registry = promClient.Registry;

export const Counter: PromClient['Counter'] = load('prom-client/lib/counter.js');
export type Counter<Labels extends string = string> = promClient.Counter<Labels>;

export const Gauge: PromClient['Gauge'] = load('prom-client/lib/gauge.js');
export type Gauge<Labels extends string = string> = promClient.Gauge<Labels>;

export const Histogram: PromClient['Histogram'] = load('prom-client/lib/histogram.js');
export type Histogram<Labels extends string = string> = promClient.Histogram<Labels>;
