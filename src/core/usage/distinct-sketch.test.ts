import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DistinctSketch } from './distinct-sketch.ts';

function sketchOf(texts: Iterable<string>): DistinctSketch {
  const sketch = new DistinctSketch();
  for (const text of texts) sketch.add(text);
  return sketch;
}

function* texts(from: number, to: number, form: (n: number) => string): Iterable<string> {
  for (let n = from; n < to; n++) yield form(n);
}

const forms: Readonly<Record<string, (n: number) => string>> = {
  'numbers that count up': String,
  'ids like UUIDs': (n) => {
    const hash = ((n * 2654435761) >>> 0).toString(16).padStart(8, '0');
    return `${hash}-91d4-4f0e-8c7a-${String(n).padStart(12, '0')}`;
  },
  addresses: (n) => `someone.${n}@example.com`,
};

for (const [name, form] of Object.entries(forms)) {
  test(`${name} are counted to within 3 %, few and many`, () => {
    for (const many of [10, 1_000, 20_000, 60_000, 300_000]) {
      const { estimate } = sketchOf(texts(0, many, form));
      const error = Math.abs(estimate - many) / many;
      assert.ok(error < 0.03, `${estimate} for ${many}`);
    }
  });
}

test('nobody is 0, and who comes again is not counted again', () => {
  assert.equal(new DistinctSketch().estimate, 0);
  const sketch = sketchOf(['a', 'b', 'c']);
  assert.equal(sketch.add('a'), false);
  assert.equal(sketch.estimate, 3);
});

test('the sketch of a union is the union of the sketches, however they are kept', () => {
  for (const [many, common] of [
    [300, 100],
    [50_000, 20_000],
  ] as const) {
    const all = sketchOf(texts(0, many, String));
    const merged = sketchOf(texts(0, many / 2 + common / 2, String));
    merged.merge(sketchOf(texts(many / 2 - common / 2, many, String)));
    assert.equal(merged.estimate, all.estimate);
  }
});

test('a stored sketch is the same again, and takes at most 17 KB', () => {
  for (const many of [0, 1, 900, 1_100, 200_000]) {
    const sketch = sketchOf(texts(0, many, String));
    const text = sketch.toString();
    assert.ok(text.length <= 17_000, `${text.length} for ${many}`);
    const again = DistinctSketch.parse(text);
    assert.equal(again.estimate, sketch.estimate);
    assert.equal(again.toString().length, text.length);
    assert.equal(again.add('0'), many === 0);
  }
});
