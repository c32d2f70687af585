import { Type } from '../../schemas/type.ts';
import { monthOf, type UsageMonth } from '../../usage/usage-month.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { PaginationInput } from '../frame/pagination.ts';

/** The month of a request, by its first day. */
export const PeriodQuery = Type.Object({
  period: Type.String(),
  pagination: Type.Optional(PaginationInput),
});

/** Throws `input_validation` naming the field. */
export function periodOf(period: string, now: number): UsageMonth {
  return monthOf(parseIsoTime('period', period), now);
}
