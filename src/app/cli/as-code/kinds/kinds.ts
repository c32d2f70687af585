import type { Kind } from '../kind.ts';
import { alerts } from './alerts.ts';
import { destinations } from './destinations.ts';
import { functions } from './functions.ts';
import { insertFunctions } from './insert-functions.ts';
import { labels } from './labels.ts';
import { sources } from './sources.ts';
import { trackingPlans } from './tracking-plans.ts';
import { transformations } from './transformations.ts';
import { warehouses } from './warehouses.ts';

/** Every kind, what is needed before what needs it. */
export const kinds: readonly Kind[] = [
  labels,
  functions,
  sources,
  warehouses,
  trackingPlans,
  destinations,
  insertFunctions,
  transformations,
  alerts,
];
