import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('pagination', () => {
  let rig: ControlRig;
  before(async () => {
    rig = await controlRig();
    for (let index = 0; index < 6; index += 1) await addSource(`s${index}`);
  });
  after(() => rig.close());

  async function addSource(slug: string): Promise<string> {
    const answer = await rig.call('POST', '/sources', { body: { slug, metadataId: 'iUM16Md8P2' } });
    return String(answer.at('data.source.id'));
  }

  async function page(
    query: string,
    headers = {},
  ): Promise<{ slugs: string[]; pagination: object }> {
    const answer = await rig.call('GET', `/sources${query}`, { headers });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const sources = answer.at('data.sources');
    assert(Array.isArray(sources));
    const pagination = answer.at('data.pagination');
    assert(typeof pagination === 'object' && pagination !== null);
    return {
      slugs: sources.map((source: { slug: string }) => source.slug),
      pagination,
    };
  }

  const spellings = [
    ['brackets', '?pagination[count]=2'],
    ['encoded brackets', '?pagination%5Bcount%5D=2'],
    ['a dot', '?pagination.count=2'],
    ['a JSON object', `?pagination=${encodeURIComponent('{"count":2}')}`],
  ] as const;
  for (const [name, query] of spellings) {
    it(`is understood when spelled with ${name}`, async () => {
      assert.deepEqual((await page(query)).slugs, ['http-api', 's0']);
    });
  }

  it('is understood as the JSON body of a GET', async () => {
    const answer = await rig.call('GET', '/sources', { body: { pagination: { count: 2 } } });
    const sources = answer.at('data.sources');
    assert(Array.isArray(sources));
    assert.equal(sources.length, 2);
  });

  it('walks forward to the end and back to the beginning', async () => {
    const seen: string[][] = [];
    let answer = await page('?pagination[count]=3');
    assert('previous' in answer.pagination && answer.pagination.previous === null);
    for (;;) {
      seen.push(answer.slugs);
      const next = 'next' in answer.pagination ? answer.pagination.next : undefined;
      if (next === null) break;
      answer = await page(`?pagination[count]=3&pagination[cursor]=${next}`);
    }
    assert.deepEqual(seen.flat(), ['http-api', 's0', 's1', 's2', 's3', 's4', 's5']);
    assert('previous' in answer.pagination);
    const back = await page(
      `?pagination[count]=3&pagination[cursor]=${answer.pagination.previous}`,
    );
    assert.deepEqual(back.slugs, seen.at(-2));
    const again = 'current' in back.pagination ? back.pagination.current : '';
    const same = await page(`?pagination[count]=3&pagination[cursor]=${again}`);
    assert.deepEqual(same.slugs, back.slugs);
  });

  it('neither repeats nor leaves out an entry when others are made and deleted meanwhile', async () => {
    const first = await page('?pagination[count]=3');
    assert('next' in first.pagination);
    const extra = await addSource('made-meanwhile');
    const list = await rig.call('GET', '/sources');
    const deleted = String(list.at('data.sources.0.id'));
    await rig.call('DELETE', `/sources/${deleted}`);
    const second = await page(
      `?pagination[count]=1000&pagination[cursor]=${first.pagination.next}`,
    );
    assert.deepEqual(second.slugs, ['s2', 's3', 's4', 's5', 'made-meanwhile']);
    await rig.call('DELETE', `/sources/${extra}`);
  });

  it('counts 200 by default, at most 1000, and says what is wrong', async () => {
    const answer = await rig.call('GET', '/sources?pagination[count]=1001');
    assert.deepEqual(answer.body, {
      errors: [
        {
          type: 'input-validation',
          message: '"pagination.count" must be less than or equal to 1000',
          field: 'pagination.count',
          data: null,
          status: 422,
        },
      ],
    });
    assert.equal((await rig.call('GET', '/sources?pagination[count]=1000')).status, 200);
    const cursor = await rig.call('GET', '/sources?pagination[cursor]=MA==');
    assert.equal(cursor.status, 422);
    assert.equal(cursor.at('errors.0.field'), 'pagination.cursor');
  });
});
