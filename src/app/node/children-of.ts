import type { Config } from '../config/config.ts';
import { type ChildName, childNames } from './process-name.ts';

/** The processes that a node of these roles has beside ingest. Every node has its own copy of the configuration from one of them. */
export function childrenOf({ roles }: Pick<Config, 'roles'>): readonly ChildName[] {
  const hasPartitions = roles.includes('process') || roles.includes('deliver');
  return childNames.filter((name) => name !== 'worker' || hasPartitions);
}
