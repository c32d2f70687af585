import type { Config } from '../config/config.ts';
import { type ChildName, childNames } from './process-name.ts';

/** The processes that a node of these roles has beside ingest. Every node has its own copy of the configuration from one of them. */
export function childrenOf({ roles }: Pick<Config, 'roles'>): readonly ChildName[] {
  const hasWork = (['process', 'deliver', 'load'] as const).some((role) => roles.includes(role));
  return childNames.filter((name) => name !== 'worker' || hasWork);
}
