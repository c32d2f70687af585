import type { SourcePolicy } from '../../../core/snapshot.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';

const Bots = oneOf(['allow', 'mark', 'refuse']);
const Ip = oneOf(['keep', 'anonymize', 'drop']);

/** What can be set: see `SourcePolicy`. */
export const SourcePolicyInput = Type.Object({
  bots: Type.Optional(Bots),
  ip: Type.Optional(Ip),
  country: Type.Optional(Type.Boolean()),
});

export const SourcePolicyOutput = Type.Object({ bots: Bots, ip: Ip, country: Type.Boolean() });

export function presentPolicy(set: SourcePolicy): Static<typeof SourcePolicyOutput> {
  return { bots: set.bots ?? 'allow', ip: set.ip ?? 'keep', country: set.country ?? false };
}

/** The policy after a change; what is as without a policy is left out. */
export function changedPolicy(
  set: SourcePolicy,
  change: Static<typeof SourcePolicyInput>,
): SourcePolicy {
  const { bots, ip, country } = { ...presentPolicy(set), ...change };
  return {
    ...(bots !== 'allow' && { bots }),
    ...(ip !== 'keep' && { ip }),
    ...(country && { country }),
  };
}
