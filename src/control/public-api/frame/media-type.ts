import type { Tier } from './operation.ts';

const json = 'application/json; charset=utf-8';
const allTiers: readonly Tier[] = ['v1', 'v1beta', 'v1alpha'];

/** Words of Segment's two spellings: `vnd.segment.v1beta+json` and `vnd.segment.beta+json` (spec public-api §2). */
const tierOf: Readonly<Record<string, Tier>> = {
  v1: 'v1',
  stable: 'v1',
  v1beta: 'v1beta',
  beta: 'v1beta',
  v1alpha: 'v1alpha',
  alpha: 'v1alpha',
};

const vendor = /^application\/vnd\.segment\.([a-z0-9]+)\+json$/i;

/** True for the media types a body may have. */
export function isJsonMediaType(contentType: string): boolean {
  const type = bare(contentType);
  return type === 'application/json' || /^application\/(vnd\.segment[\w.]*\+)?json$/.test(type);
}

/** What to answer with: the first version asked for that the operation has, else plain JSON. Never a refusal. */
export function answerMediaType(accept: string | undefined, tiers = allTiers): string {
  for (const part of (accept ?? '').split(',')) {
    const type = bare(part);
    if (type === 'application/json') return json;
    const tier = tierOf[vendor.exec(type)?.[1]?.toLowerCase() ?? ''];
    if (tier !== undefined && tiers.includes(tier)) return type;
  }
  return json;
}

/** All media types of an operation, for the document. */
export function mediaTypes(tiers = allTiers): readonly string[] {
  return ['application/json', ...tiers.map((tier) => `application/vnd.segment.${tier}+json`)];
}

function bare(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}
