import { describe, expect, it } from 'vitest';
import { ask } from '../crowd/ask.ts';
import { pass, until } from '../waiting.ts';
import { isShort, PLAYED, WRITES, WRITING_MS } from './stage.ts';
import { readStored } from './stored.ts';
import { useStage } from './use-stage.ts';
import { notBanned } from './writes.ts';

const STOPPED_MS = isShort ? 4000 : 40_000;
/** A heartbeat is answered within a second, where the machine has time for it. */
const ANSWERED_MS = 1000;
const BACK_MS = 60_000;

const beat = (port: number, user: string) => ask(port, user, 'POST', '/heartbeat', {});

const answersAgain = (port: number): Promise<void> =>
  until(async () => {
    const answer = await beat(port, 'anybody').catch(() => null);
    return answer?.status === 200 ? null : `it answers ${answer?.status}`;
  }, BACK_MS);

const middle = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

describe.each(PLAYED)('faults of %s', (kind) => {
  const used = useStage(kind);

  it(
    `S9: of ${WRITES} acknowledged admin writes none is lost, and none half written, when nodes and database are killed`,
    async ({ skip }) => {
      const missing = used.missing();
      skip(missing !== undefined, missing);
      const stage = used.stage();
      const { database, killNode, killDatabase } = stage;
      // A file has one node that writes to it as fast as it can; servers have several.
      const places = database.isServer ? 2 : 1;
      for (let place = 0; place < places; place += 1) await stage.startOne();
      const written = await stage.write([
        [0.2, () => killNode(0)],
        [0.4, killDatabase],
        [0.6, () => killNode(places - 1)],
        [0.8, killDatabase],
      ]);
      const reader = await stage.startOne();
      expect(written.odd).toEqual([]);
      expect(written.acknowledged.size).toBe(WRITES);
      expect(await notBanned(reader.port, written.acknowledged)).toEqual([]);
      expect((await readStored(database)).halves).toEqual([]);
      console.log(`${kind}: ${WRITES} writes, ${written.refused} answered 503 meanwhile`);
    },
    WRITING_MS,
  );

  it('S2: while it stands still everything is answered 503 in time, and nothing of it is applied late', async ({
    skip,
  }) => {
    const missing = used.missing();
    skip(
      missing !== undefined || kind === 'SQLite',
      missing ?? 'a file stands still with its node',
    );
    const stage = used.stage();
    const { port } = await stage.startOne();
    expect((await beat(port, 'there')).status).toBe(200);
    stage.database.pause();
    const answers: string[] = [];
    const took: number[] = [];
    const note = async (answer: ReturnType<typeof ask>): Promise<void> => {
      const at = Date.now();
      const { status, retryAfter } = await answer;
      took.push(Date.now() - at);
      answers.push(`${status}${retryAfter ? ', later' : ''}`);
    };
    for (let user = 0; user < 5; user += 1) await note(beat(port, `in-vain-${user}`));
    await note(ask(port, 'admin', 'PUT', '/admin/users/there/account', { account: 'banned' }));
    await note(ask(port, 'reader', 'GET', '/online'));
    const ready = await ask(port, 'reader', 'GET', '/health/ready');
    await pass(STOPPED_MS);
    stage.database.resume();
    expect(answers).toEqual(answers.map(() => '503, later'));
    expect(middle(took)).toBeLessThan(ANSWERED_MS);
    expect([ready.status, ready.body]).toEqual([
      503,
      { status: 'store_unavailable', durability: 'durable' },
    ]);
    await answersAgain(port);
    await pass(1000);
    const { body } = await ask(port, 'reader', 'POST', '/users/query', {
      userIds: ['there', ...Array.from({ length: 5 }, (_, user) => `in-vain-${user}`)],
    });
    const { presences } = body as { presences: { userId: string; status: string }[] };
    const statuses = presences.map(({ userId, status }) => `${userId} ${status}`);
    expect(statuses).toEqual([
      'there online',
      ...Array.from({ length: 5 }, (_, user) => `in-vain-${user} offline`),
    ]);
  });
});
