import { type Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { TributaryError } from '../../../core/errors.ts';
import { isLogName, type LogName, logNames } from '../../../core/event-log.ts';
import { isProtocolError } from './kafka-error.ts';
import type { KafkaTarget } from './kafka-url.ts';

/** A batch is one commit, and a commit holds at least one whole request with its envelope merged into each event. */
const batchBytes = 64 * 1024 * 1024;
/** The disk is freed by whole segments; an idle one is closed after this, ms. */
const segmentMs = 24 * 60 * 60 * 1000;

/** A setting of a topic on which it depends that nothing acknowledged is lost. */
interface Rule {
  readonly name: string;
  readonly made: string;
  readonly holds: (value: string) => boolean;
  readonly why: string;
}

export function topicOf(prefix: string, log: LogName): string {
  return `${prefix}.${log}`;
}

/**
 * Makes the topics that are missing and checks those that are there. Resolves with the partitions of each. Rejects with
 * `config_invalid` where the cluster or a topic is such that acknowledged events could be lost.
 */
export async function prepareTopics(admin: Admin, target: KafkaTarget): Promise<number> {
  const logs = Object.keys(logNames).filter(isLogName);
  const topics = logs.map((log) => topicOf(target.prefix, log));
  const rules = rulesOf(target.replication);
  const present = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !present.has(topic));
  if (missing.length > 0) await makeTopics(admin, target, missing, rules);
  const partitions = await checkReplicas(admin, target, topics);
  await checkSettings(admin, topics, rules);
  return partitions;
}

function rulesOf(replication: number): readonly Rule[] {
  const least = replication > 1 ? 2 : 1;
  const exactly = (name: string, made: string, why: string): Rule => ({
    name,
    made,
    holds: (value) => value === made,
    why,
  });
  return [
    {
      name: 'min.insync.replicas',
      made: String(least),
      holds: (value) => Number(value) >= least,
      why: 'an event is acknowledged once so many replicas have it',
    },
    exactly(
      'unclean.leader.election.enable',
      'false',
      'a replica that lags must not become the leader',
    ),
    exactly('cleanup.policy', 'delete', 'compaction would delete events'),
    exactly('retention.ms', '-1', 'what is processed is deleted by Tributary itself'),
    exactly('retention.bytes', '-1', 'what is processed is deleted by Tributary itself'),
    exactly('message.timestamp.type', 'CreateTime', 'replay by time goes by it'),
    {
      name: 'max.message.bytes',
      made: String(batchBytes),
      holds: (value) => Number(value) >= batchBytes,
      why: 'a commit is one batch',
    },
  ];
}

async function makeTopics(
  admin: Admin,
  { partitions, replication }: KafkaTarget,
  topics: readonly string[],
  rules: readonly Rule[],
): Promise<void> {
  const { brokers } = await admin.metadata({ topics: [] });
  if (brokers.size < replication) {
    const message = `TRIBUTARY_LOG: replication=${replication} needs as many brokers, and the Kafka cluster has ${brokers.size}. With replication=1 a broker that is lost loses acknowledged events`;
    throw new TributaryError('config_invalid', message);
  }
  const settings = rules.map(({ name, made }) => ({ name, value: made }));
  const configs = [...settings, { name: 'segment.ms', value: String(segmentMs) }];
  for (const topic of topics) {
    try {
      await admin.createTopics({ topics: [topic], partitions, replicas: replication, configs });
    } catch (error) {
      // Another node that starts at the same time has made it.
      if (!isProtocolError(error, 'TOPIC_ALREADY_EXISTS')) throw error;
    }
  }
}

/** Resolves with the partitions that all topics have. */
async function checkReplicas(
  admin: Admin,
  target: KafkaTarget,
  topics: readonly string[],
): Promise<number> {
  const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true });
  const counts = new Set<number>();
  for (const topic of topics) {
    const partitions = metadata.topics.get(topic)?.partitions ?? [];
    if (partitions.length === 0) {
      throw new TributaryError('log_unavailable', `The topic ${topic} is not there yet`);
    }
    counts.add(partitions.length);
    const fewest = Math.min(...partitions.map(({ replicas }) => replicas.length));
    if (fewest < target.replication) {
      const message = `TRIBUTARY_LOG: the topic ${topic} has ${fewest} replicas of a partition, and replication=${target.replication} is asked for`;
      throw new TributaryError('config_invalid', message);
    }
  }
  const [count = 0, ...others] = counts;
  if (others.length > 0) {
    const message = `TRIBUTARY_LOG: the topics of ${target.prefix} have different numbers of partitions`;
    throw new TributaryError('config_invalid', message);
  }
  return count;
}

async function checkSettings(
  admin: Admin,
  topics: readonly string[],
  rules: readonly Rule[],
): Promise<void> {
  const resources = topics.map((resourceName) => ({
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName,
    configurationKeys: rules.map(({ name }) => name),
  }));
  for (const { resourceName, configs } of await admin.describeConfigs({ resources })) {
    for (const { name, holds, made, why } of rules) {
      const value = configs.find((config) => config.name === name)?.value ?? '';
      if (holds(value)) continue;
      const message = `TRIBUTARY_LOG: the topic ${resourceName} has ${name}=${value}, ${made} is needed: ${why}`;
      throw new TributaryError('config_invalid', message);
    }
  }
}
