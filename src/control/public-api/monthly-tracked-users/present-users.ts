import { Type } from '../../schemas/type.ts';
import type { TrackedUsers } from '../../usage/tracked-users.ts';
import type { UsageMonth } from '../../usage/usage-month.ts';
import { isoTime } from '../frame/iso-time.ts';

export const usersOutput = {
  periodStart: Type.Number(),
  periodEnd: Type.Number(),
  anonymous: Type.String(),
  anonymousIdentified: Type.String(),
  identified: Type.String(),
  neverIdentified: Type.String(),
  timestamp: Type.String(),
};

/** Ends of the period in seconds, numbers as text (spec public-api §5). */
export function presentUsers(users: TrackedUsers, { start, end }: UsageMonth) {
  return {
    periodStart: start / 1_000,
    periodEnd: end / 1_000,
    anonymous: String(users.anonymous),
    anonymousIdentified: String(users.anonymousIdentified),
    identified: String(users.identified),
    neverIdentified: String(users.neverIdentified),
    timestamp: isoTime(users.day),
  };
}
