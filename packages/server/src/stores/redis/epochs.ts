import { PresenceError, type Random } from '@presence/core';
import type { Partitions } from './partitions.ts';
import type { Reply, ScriptName, Scripts } from './scripts.ts';

/** Data of another schema is not touched. */
const SCHEMA = 2;

/** Partitions that are ready, and what each is called since it last lost its data. */
export interface Epochs {
  /** The name of the latest loss: changes when any partition lost its data. */
  current(): string;
  /** The same as `Scripts.run`, in a partition that was made ready, also after it lost its data. */
  run(name: ScriptName, partition: number, args: readonly (string | number)[]): Promise<Reply>;
}

interface EpochsParts {
  readonly scripts: Scripts;
  readonly partitions: Partitions;
  readonly shardsPerTenant: number;
  readonly random: Random;
  /** A partition is empty that was not, or another than it was. */
  onLoss(partition: number): void;
}

const refuse = (setting: string, stored: string | number, given: number): never => {
  throw new PresenceError(
    'invalid_options',
    `[presence/redis] The data under this prefix was written with ${setting} ${stored}, and this store was made with ${given}. ` +
      'Make all stores of one prefix alike, or choose another prefix.',
  );
};

const check = (
  setting: string,
  stored: string | number | null | undefined,
  given: number,
): void => {
  if (Number(stored) !== given) refuse(setting, stored ?? 'unknown', given);
};

export const createEpochs = (parts: EpochsParts): Epochs => {
  const { scripts, partitions, shardsPerTenant, random, onLoss } = parts;
  const known: (string | undefined)[] = Array.from({ length: partitions.count }, () => undefined);
  const starting = new Map<number, Promise<void>>();
  let text = '';

  const note = (partition: number, epoch: string): void => {
    const before = known[partition];
    if (before === epoch) return;
    known[partition] = epoch;
    // Another partition that is met for the first time is no loss.
    if (before !== undefined || text === '') text = epoch;
    if (before !== undefined) onLoss(partition);
  };

  const start = async (partition: number): Promise<void> => {
    // What is stored under this prefix is told by the first one, whatever partition is asked for.
    if (partition !== 0 && known[0] === undefined) await ready(0);
    const args = [random.id(), partitions.count, shardsPerTenant, SCHEMA];
    const [, epoch, count, shards, schema] = await scripts.run('start', partition, args);
    check('schema', schema, SCHEMA);
    check('partitions', count, partitions.count);
    check('shardsPerTenant', shards, shardsPerTenant);
    note(partition, String(epoch));
  };

  /** Once for everybody who waits for it. */
  const ready = (partition: number): Promise<void> => {
    let pending = starting.get(partition);
    if (!pending) {
      pending = start(partition).finally(() => starting.delete(partition));
      starting.set(partition, pending);
    }
    return pending;
  };

  return {
    current: () => text,
    run: async (name, partition, args) => {
      if (known[partition] === undefined) await ready(partition);
      let reply = await scripts.run(name, partition, args);
      if (reply[0] === 'data-lost') {
        await ready(partition);
        reply = await scripts.run(name, partition, args);
      }
      note(partition, String(reply[1]));
      return reply;
    },
  };
};
