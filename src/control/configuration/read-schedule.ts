import { parseCron } from '../../core/cron.ts';
import { parseInterval } from '../../core/interval.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { ReverseEtlSchedule } from '../../core/snapshot.ts';

/** As the API takes it (public-api/models/schedule.ts). A schedule that was stored before it was checked, and says nothing, is none. */
export function readSchedule(schedule: Json): ReverseEtlSchedule | undefined {
  const config = isJsonObject(schedule) ? schedule['config'] : undefined;
  if (!isJsonObject(schedule) || !isJsonObject(config)) return undefined;
  const { strategy } = schedule;
  const timezone = textOf(config['timezone']);
  switch (strategy) {
    case 'PERIODIC': {
      const everyMs = parseInterval(textOf(config['interval']));
      return everyMs === undefined ? undefined : { strategy, everyMs };
    }
    case 'SPECIFIC_DAYS': {
      const [days, hours] = [numbersOf(config['days']), numbersOf(config['hours'])];
      if (days.length === 0 || hours.length === 0) return undefined;
      return { strategy, days, hours, timezone };
    }
    case 'CRON': {
      const spec = textOf(config['spec']);
      return parseCron(spec) === undefined ? undefined : { strategy, spec, timezone };
    }
    default:
      return undefined;
  }
}

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '');
const numbersOf = (value: Json | undefined) =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
