import assert from 'node:assert/strict';
import { addWorkspace, onControl, onWork, type StateCases } from './state-case.ts';

export const restartCases: StateCases = {
  'what was committed is there after a restart, and migrations run once': async (subject) => {
    await onControl((store) => addWorkspace(store, { revision: 7 }))(subject);
    for (let start = 0; start < 2; start += 1) {
      await onControl(async ({ db }) => {
        const rows = await db.selectFrom('workspace').select('revision').execute();
        assert.deepEqual(rows, [{ revision: 7 }]);
      })(subject);
    }
    for (let start = 0; start < 2; start += 1) {
      await onWork(async ({ db }) => {
        assert.deepEqual(await db.selectFrom('cursor').selectAll().execute(), []);
      })(subject);
    }
  },
};
