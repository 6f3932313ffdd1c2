import { describe, expect, it } from 'vitest';
import { PLAYED, WRITES, WRITING_MS } from './stage.ts';
import { readStored } from './stored.ts';
import { useStage } from './use-stage.ts';
import { notBanned } from './writes.ts';

describe.each(PLAYED)('faults of Redis with %s behind it', (kind) => {
  const used = useStage(kind, { withRedis: true });

  it(
    `S9: of ${WRITES} admin writes answered durable none is lost in SQL when nodes, the database and Redis with its data are killed`,
    async ({ skip }) => {
      const missing = used.missing();
      skip(missing !== undefined, missing);
      const stage = used.stage();
      const { database, killNode, killDatabase } = stage;
      const redis = stage.redis!;
      const places = database.isServer ? 2 : 1;
      for (let place = 0; place < places; place += 1) await stage.startOne();
      const comeBackEmpty = async (): Promise<void> => {
        await redis.kill();
        await redis.start(false);
      };
      const written = await stage.write([
        [0.15, () => killNode(0)],
        [0.3, killDatabase],
        [0.45, () => killNode(places - 1)],
        [0.6, comeBackEmpty],
        [0.75, () => killNode(0)],
        [0.9, () => killNode(places - 1)],
      ]);
      expect(written.odd).toEqual([]);
      expect(written.acknowledged.size).toBe(WRITES);
      const { banned, halves } = await readStored(database);
      expect([...written.acknowledged].filter((user) => !banned.has(user))).toEqual([]);
      expect(halves).toEqual([]);
      await comeBackEmpty();
      const reader = await stage.startOne();
      expect(await notBanned(reader.port, written.acknowledged)).toEqual([]);
      console.log(`Redis and ${kind}: ${WRITES} writes, ${written.refused} answered 503 meanwhile`);
    },
    WRITING_MS,
  );
});
