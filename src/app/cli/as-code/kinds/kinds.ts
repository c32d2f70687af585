import type { Kind } from '../kind.ts';
import { alerts } from './alerts.ts';
import { destinations } from './destinations.ts';
import { labels } from './labels.ts';
import { sources } from './sources.ts';
import { trackingPlans } from './tracking-plans.ts';
import { transformations } from './transformations.ts';
import { warehouses } from './warehouses.ts';

/** Every kind, what is needed before what needs it. */
export const kinds: readonly Kind[] = [
  labels,
  sources,
  warehouses,
  trackingPlans,
  destinations,
  transformations,
  alerts,
];
