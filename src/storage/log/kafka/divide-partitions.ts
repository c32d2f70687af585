import type { GroupPartitionsAssigner } from '@platformatic/kafka';

/**
 * Divides partitions evenly: nobody gets two more than another. Whoever has partitions keeps what fits. What a
 * member is to give up is nobody's in this round: it gives it up and joins again, and the next round gives it away.
 * `owned` is what each member says it has; what two of them claim is nobody's.
 */
export function dividePartitions(
  count: number,
  owned: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, readonly number[]> {
  const claims = new Map<number, string[]>();
  for (const [member, partitions] of owned) {
    for (const partition of partitions) {
      if (partition < count) claims.set(partition, [...(claims.get(partition) ?? []), member]);
    }
  }
  const keeps = new Map<string, number[]>([...owned.keys()].toSorted().map((name) => [name, []]));
  for (const [partition, [only, ...others]] of claims) {
    if (only !== undefined && others.length === 0) keeps.get(only)?.push(partition);
  }
  const least = Math.floor(count / keeps.size);
  let withOneMore = count % keeps.size;
  const givenUp = new Set<number>();
  const quota = new Map<string, number>();
  // Those that have the most may have one more: so the fewest move.
  for (const [member, has] of [...keeps].toSorted(([, a], [, b]) => b.length - a.length)) {
    const most = withOneMore > 0 ? least + 1 : least;
    if (withOneMore > 0) withOneMore--;
    quota.set(member, most);
    for (const partition of has.toSorted((a, b) => a - b).splice(most)) givenUp.add(partition);
  }
  const divided = new Map(
    [...keeps].map(([member, has]) => [member, has.filter((one) => !givenUp.has(one))]),
  );
  const taken = new Set([...divided.values()].flat());
  for (let partition = 0; partition < count; partition++) {
    if (taken.has(partition) || givenUp.has(partition)) continue;
    for (const [member, has] of divided) {
      if (has.length >= (quota.get(member) ?? 0)) continue;
      has.push(partition);
      break;
    }
  }
  return divided;
}

/**
 * The same as the library asks for it, in place of its own `cooperative-sticky`, which leaves a newcomer
 * without any partition as long as nobody has more than the average, rounded up.
 */
export const assignPartitions: GroupPartitionsAssigner = (_current, members, topics, metadata) => {
  const newest = Math.max(...[...members.values()].map(({ generationId = -1 }) => generationId));
  const assigned = [...members.keys()].map((memberId) => ({
    memberId,
    assignments: new Map<string, { topic: string; partitions: number[] }>(),
  }));
  for (const topic of topics) {
    const owned = new Map(
      [...members].map(([memberId, { generationId = -1, ownedPartitions }]) => {
        const own = ownedPartitions?.filter((one) => one.topic === topic) ?? [];
        return [memberId, generationId < newest ? [] : own.flatMap(({ partitions }) => partitions)];
      }),
    );
    const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
    const divided = dividePartitions(count, owned);
    for (const { memberId, assignments } of assigned) {
      assignments.set(topic, { topic, partitions: [...(divided.get(memberId) ?? [])] });
    }
  }
  return assigned;
};
