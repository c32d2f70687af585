import assert from 'node:assert/strict';
import { it } from 'node:test';
import { entry, LogFolder } from './testing/log-folder.ts';

it('each flush is counted: its duration, its bytes, the appends it carried and the log', async () => {
  const folder = await LogFolder.make();
  const flushes: { bytes: number; units: number; log: string }[] = [];
  const engine = await folder.open({
    metrics: {
      onFlush: (durationMs, bytes, units, log) => {
        assert.ok(durationMs >= 0);
        flushes.push({ bytes, units, log });
      },
    },
  });
  const { writer } = await engine.openWriter('results', 0);
  const before = writer.end;
  await Promise.all(['a', 'b', 'c'].map((text) => writer.append([entry(text)])));
  assert.deepEqual(flushes, [{ bytes: writer.end - before, units: 3, log: 'results' }]);
  await engine.close();
  await folder.remove();
});
