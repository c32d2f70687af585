/** Something that happened to an event at a vendor. */
export interface Entry {
  /** `came`: each time. `taken`: answered with a success. `refused`: answered so that it is not for repeating. */
  readonly what: 'came' | 'taken' | 'refused';
  readonly user: string;
  /** Of the user's events, from 0. */
  readonly sequence: number;
  /** Milliseconds since it was sent. */
  readonly age: number;
}

export interface Expected {
  /** Events sent and acknowledged of each user: `0` to below this. */
  readonly sent: ReadonlyMap<string, number>;
  /** False: those that have not come yet may still come. */
  readonly all: boolean;
  /** First arrivals older than this are late; undefined where they may be of any age, as behind a circuit. */
  readonly lateMs: number | undefined;
  /** Tries of one event that are too many. */
  readonly mostTries: number;
}

/** Sentences of one kind that are told; the rest is a number. */
const told = 5;

/**
 * What is wrong with the deliveries to one vendor, in sentences; empty when nothing is. `record` is in the order in
 * which it happened. Judged is what a destination may rely on: nothing lost, the order of each user by first arrivals,
 * nothing a second time once it was answered for good, no more tries than there is time for.
 */
export function judgeDeliveries(record: readonly Entry[], expected: Expected): string[] {
  const { sent, all, lateMs, mostTries } = expected;
  const found = { strange: [], overtook: [], late: [], again: [], tries: [], lost: [] };
  const faults: Record<keyof typeof found, string[]> = found;
  const tries = new Map<string, number>();
  const settled = new Map<string, Set<number>>();

  for (const { what, user, sequence, age } of record) {
    const name = `event ${sequence} of ${user}`;
    const done = settled.get(user) ?? new Set();
    settled.set(user, done);
    if (what !== 'came') {
      done.add(sequence);
      continue;
    }
    const tried = (tries.get(name) ?? 0) + 1;
    tries.set(name, tried);
    if (done.has(sequence)) faults.again.push(`${name} came again after its last answer`);
    if (tried === mostTries + 1) faults.tries.push(`${name} was tried over ${mostTries} times`);
    if (tried > 1) continue;
    if (sequence >= (sent.get(user) ?? 0)) faults.strange.push(`${name} was never sent`);
    if (age > (lateMs ?? Number.POSITIVE_INFINITY)) {
      faults.late.push(`${name} came ${Math.round(age)} ms after it was sent`);
    }
    const earlier = firstLacking(done, sequence);
    if (earlier !== undefined) faults.overtook.push(`${name} overtook event ${earlier}`);
  }
  for (const [user, count] of all ? sent : []) {
    for (let sequence = 0; sequence < count; sequence += 1) {
      if (settled.get(user)?.has(sequence) === true) continue;
      const name = `event ${sequence} of ${user}`;
      faults.lost.push(`${name} is lost: ${tries.has(name) ? 'tried in vain' : 'it never came'}`);
    }
  }
  return Object.values(faults).flatMap(firstOf);
}

/** The first of `0` to below `end` that is not in the set. */
function firstLacking(done: ReadonlySet<number>, end: number): number | undefined {
  for (let sequence = 0; sequence < end; sequence += 1) if (!done.has(sequence)) return sequence;
  return undefined;
}

function firstOf(sentences: readonly string[]): string[] {
  const more = sentences.length - told;
  return [...sentences.slice(0, told), ...(more > 0 ? [`and ${more} more such`] : [])];
}
