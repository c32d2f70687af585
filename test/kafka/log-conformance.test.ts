import { after, before } from 'node:test';
import { eventLogConformance } from '../../src/core/event-log.conformance.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { openKafkaLogEngine } from '../../src/storage/log/kafka/open-kafka-log-engine.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';

let kafka: Kafka | undefined;
before(async () => {
  kafka = await startKafka();
});
after(() => kafka?.stop());

eventLogConformance('the Kafka log', async (clock) => {
  const url = kafka?.url('partitions=1') ?? '';
  let engine = await openKafkaLogEngine({ url, clock, logger: silentLogger });
  return {
    engine,
    choosesOffsets: false,
    reopen: async () => {
      await engine.close();
      engine = await openKafkaLogEngine({ url, clock, logger: silentLogger });
      return engine;
    },
    cleanup: () => engine.close(),
  };
});
