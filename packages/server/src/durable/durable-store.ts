import type { Write } from '@presence/core';
import { chain } from '../soon.ts';
import type { CommitAnswer, Committed, PresenceStore } from '../stores/store.ts';
import { createBacklog, type Backlog } from './backlog.ts';
import type { Parts } from './parts.ts';
import { createRestoring, type Restoring } from './restoring.ts';
import { startRounds } from './rounds.ts';
import type { Kept } from './sink.ts';

/** A live store with a durable side. */
export interface DurableStore extends PresenceStore {
  /** Writes what is under way, and stops. The live store is not closed. */
  stop(): Promise<void>;
}

const keptOf = ({ key, record, base }: Write): Kept => ({
  key,
  record,
  revision: record?.revision ?? base,
});

const isTaken = ({ results }: CommitAnswer, place: number): boolean => results[place]!.ok;

/** A refusal that shows nobody where somebody was: the live store lost them. */
const isLoss = (result: Committed, { base }: Write): boolean =>
  !result.ok && result.current.record === null && base > 0;

type Verbs = Required<Pick<PresenceStore, 'load' | 'commit' | 'find' | 'count' | 'confirm'>>;

/** Reads of data in which everything declared is. */
const createReads = (
  live: PresenceStore,
  restoring: Restoring,
): Pick<Verbs, 'load' | 'find' | 'count'> => {
  const load: PresenceStore['load'] = (keys) =>
    chain(live.load(keys), (answer) =>
      restoring.isDone(answer.epoch) ? answer : restoring.run().then(() => load(keys)),
    );

  /** A list of data that was lost meanwhile is read again. */
  const listed = <Query, Answer>(read: (query: Query) => Promise<Answer>) => {
    const list = async (query: Query): Promise<Answer> => {
      const answer = await read(query);
      const { epoch } = await live.load([]);
      if (restoring.isDone(epoch)) return answer;
      await restoring.run();
      return list(query);
    };
    return list;
  };

  return {
    load,
    find: listed((query) => live.find(query)),
    count: listed((scope) => live.count(scope)),
  };
};

/** Commits that the sink follows. */
const createCommit = (
  { live, sink }: Parts,
  load: Verbs['load'],
  backlog: Backlog,
): Verbs['commit'] => {
  const withCurrent = async (
    writes: readonly Write[],
    answer: CommitAnswer,
  ): Promise<CommitAnswer> => {
    const lost = writes.filter((write, place) => isLoss(answer.results[place]!, write));
    if (lost.length === 0) return answer;
    const { items } = await load(lost.map(({ key }) => key));
    const results = answer.results.map((result, place): Committed => {
      const index = lost.indexOf(writes[place]!);
      return index < 0 || result.ok ? result : { ...result, current: items[index]! };
    });
    return { ...answer, results };
  };

  const commitDeclared = async (writes: readonly Write[]): Promise<CommitAnswer> => {
    const changes = writes.map(({ key, record }) => ({ key, isGone: record === null }));
    const announced = await sink.announce(changes);
    const answer = await live.commit(writes);
    const taken = writes.filter((_, place) => isTaken(answer, place));
    await sink.write(taken.map(keptOf), announced);
    return answer;
  };

  const commitOthers = async (writes: readonly Write[]): Promise<CommitAnswer> => {
    const answer = await live.commit(writes);
    writes.forEach((write, place) => {
      if (isTaken(answer, place)) backlog.add(keptOf(write));
    });
    return answer;
  };

  return async (writes) => {
    const isDeclared = writes.some((write) => write.isDeclared);
    return withCurrent(writes, await (isDeclared ? commitDeclared(writes) : commitOthers(writes)));
  };
};

const createVerbs = (parts: Parts, backlog: Backlog): Verbs => {
  const { live, sink } = parts;
  const reads = createReads(live, createRestoring(parts));
  return {
    ...reads,
    commit: createCommit(parts, reads.load, backlog),
    // What was announced stays so, for others may be at it.
    confirm: async (key) => {
      const { items } = await reads.load([key]);
      const { record } = items[0]!;
      if (record) await sink.write([{ key, record, revision: record.revision }], []);
    },
  };
};

/**
 * Everything is answered by the live store; the sink follows. What is declared is in the sink before
 * it is answered: announced before the live store takes it, so that whoever dies between the two
 * leaves a trace. All else reaches the sink later, and never keeps anybody waiting.
 */
export const createDurableStore = (parts: Parts): DurableStore => {
  const { live, sink } = parts;
  const backlog = createBacklog(sink, parts);
  const stopRounds = startRounds(parts);
  const { check, comparePolicy } = live;
  return {
    durability: 'durable',
    ...(live.isLocal !== undefined && { isLocal: live.isLocal }),
    ...(live.renewsByRevision !== undefined && { renewsByRevision: live.renewsByRevision }),
    ...(live.reapers !== undefined && { reapers: live.reapers }),
    ...createVerbs(parts, backlog),
    renew: (leases, validUntil) => live.renew(leases, validUntil),
    due: (limit, spread) => live.due(limit, spread),
    subscribe: (topics, on) => live.subscribe(topics, on),
    signal: (topic, message) => live.signal(topic, message),
    ...(check && { check: check.bind(live) }),
    ...(comparePolicy && { comparePolicy: comparePolicy.bind(live) }),
    close: () => live.close(),
    stop: async () => {
      stopRounds();
      await backlog.close();
    },
  };
};
