import { type ConnectionPool, initProducerIdV4, initProducerIdV5 } from '@platformatic/kafka';
import type { KafkaCluster } from './kafka-cluster.ts';

/** Under which a broker keeps the sequence of what one producer writes to one partition. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

const versions = [initProducerIdV5.api, initProducerIdV4.api];
/** No transaction is ever begun; brokers want a bound all the same. */
const transactionMs = 60_000;

/**
 * Asks for an identity. With a `name` it is that of all who ever had the name, with a higher epoch: from the first
 * batch that is written under it, the partition refuses whatever they still send. Kafka fences transactional producers so;
 * batches outside transactions are held to the same epoch.
 */
export async function beginProducer(
  cluster: KafkaCluster,
  pool: ConnectionPool,
  name: string | undefined,
): Promise<ProducerIdentity> {
  const broker =
    name === undefined ? await cluster.anyBroker() : await cluster.transactionCoordinator(name);
  const connection = await pool.get(broker);
  const api = await cluster.speak(connection, versions);
  const { producerId, producerEpoch } = await api.async(
    connection,
    name ?? null,
    transactionMs,
    -1n,
    -1,
  );
  return { producerId, producerEpoch };
}
