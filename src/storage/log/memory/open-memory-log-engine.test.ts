import { eventLogConformance } from '../../../core/event-log.conformance.ts';
import { openMemoryLogEngine } from './open-memory-log-engine.ts';

eventLogConformance('the memory log', async (clock) => {
  const engine = await openMemoryLogEngine({ clock });
  return {
    engine,
    reopen: async () => {
      await engine.close();
      return engine;
    },
    cleanup: () => engine.close(),
  };
});
