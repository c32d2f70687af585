import { type Random, random } from '../../test/rig/random.ts';

/** Stands where the generator writes a fresh 20-character id into each request: dedupe does real work. */
export const idMark = '~~~~~~~~~~~~~~~~~~~~';

export interface CorpusEvent {
  readonly call: 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';
  /** JSON text; `messageId` ends with `idMark`. */
  readonly text: string;
}

const cities = ['Zürich', 'São Paulo', 'Łódź', '東京', 'Αθήνα', 'Paris', 'Kyiv', 'Köln', 'القاهرة'];
const words = 'amber basalt cedar delta ember fjord glade harbour isle juniper kelp lagoon'.split(
  ' ',
);
const agents = [
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
];

/** `count` events of mixed calls, of about 300 B to 3 KB, partly not ASCII; the seed decides all of it. */
export function corpus(seed: number, count: number): CorpusEvent[] {
  const dice = random(seed);
  return Array.from({ length: count }, () => event(dice));
}

function event(dice: Random): CorpusEvent {
  const call = callOf(dice.next());
  const user = dice.between(1, 5_000);
  const person = dice.chance(0.6)
    ? { anonymousId: uuid(dice), userId: `user-${user}` }
    : { anonymousId: uuid(dice) };
  const body = {
    type: call,
    ...(call === 'alias' ? { userId: `user-${user}`, previousId: uuid(dice) } : person),
    ...fieldsOf(call, dice),
    context: contextOf(dice),
    integrations: dice.chance(0.1) ? { All: true, 'Some Vendor': false } : {},
    timestamp: '2026-11-20T12:00:00.152Z',
    sentAt: '2026-11-20T12:00:00.169Z',
    messageId: `ajs-next-1795176000152-${idMark}`,
  };
  return { call, text: JSON.stringify(body) };
}

function callOf(draw: number): CorpusEvent['call'] {
  if (draw < 0.6) return 'track';
  if (draw < 0.8) return 'page';
  if (draw < 0.92) return 'identify';
  if (draw < 0.96) return 'screen';
  return draw < 0.99 ? 'group' : 'alias';
}

function fieldsOf(call: CorpusEvent['call'], dice: Random): object {
  const bag = bagOf(dice, bagSize(dice));
  if (call === 'track')
    return { event: `${dice.pick(words)} ${dice.pick(words)}`, properties: bag };
  if (call === 'page' || call === 'screen') return { name: dice.pick(words), properties: bag };
  if (call === 'identify') return { traits: { ...bag, email: `${dice.pick(words)}@example.com` } };
  return call === 'group' ? { groupId: `group-${dice.between(1, 200)}`, traits: bag } : {};
}

/** Most events carry a few properties, one in twenty carries dozens. */
function bagSize(dice: Random): number {
  if (dice.chance(0.05)) return dice.between(30, 60);
  return dice.chance(0.15) ? dice.between(8, 20) : dice.between(0, 7);
}

function bagOf(dice: Random, size: number): object {
  const bag: Record<string, unknown> = {};
  for (let index = 0; index < size; index++) {
    const key = `${dice.pick(words)}_${index}`;
    const draw = dice.next();
    if (draw < 0.3) bag[key] = dice.between(0, 100_000) / 100;
    else if (draw < 0.4) bag[key] = dice.chance(0.5);
    else if (draw < 0.5) bag[key] = { city: dice.pick(cities), note: 'a "quoted" line\nand more' };
    else if (draw < 0.6) bag[key] = [dice.pick(words), dice.between(1, 9), dice.pick(cities)];
    else bag[key] = `${dice.pick(cities)} ${dice.pick(words)} ${dice.pick(words)}`;
  }
  return bag;
}

function contextOf(dice: Random): object {
  const library = { name: 'analytics.js', version: 'npm:next-1.84.3' };
  if (dice.chance(0.35)) return { library };
  const path = `/${dice.pick(words)}/${dice.pick(words)}`;
  return {
    library,
    ip: `203.0.113.${dice.between(1, 254)}`,
    locale: dice.pick(['en-GB', 'de-CH', 'ja-JP', 'pt-BR']),
    timezone: 'Europe/Zurich',
    userAgent: dice.pick(agents),
    page: { path, url: `https://example.com${path}`, title: `${dice.pick(cities)} – ${path}` },
  };
}

function uuid(dice: Random): string {
  const hex = Array.from({ length: 4 }, () =>
    dice
      .between(0, 2 ** 32 - 1)
      .toString(16)
      .padStart(8, '0'),
  );
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
