import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftOver } from '../../services/guarded.ts';
import { serviceOrReason } from '../../services/missing-service.ts';
import { ask, closeRequests } from '../crowd/ask.ts';
import { seedOf, turn } from '../rotation.ts';
import { pass, until } from '../waiting.ts';
import { startPrivateDatabase, type PrivateDatabase } from './database.ts';
import { startSqlNode, type SqlNode } from './node.ts';
import type { DatabaseKind } from './settings.ts';
import { banAll, notBanned } from './writes.ts';

const KINDS: readonly DatabaseKind[] = ['Postgres', 'MariaDB', 'SQLite'];

const isShort = process.env['PRESENCE_FAULTS_SCALE'] !== 'full';
const isAll = process.env['PRESENCE_FAULTS'] !== undefined;
/** All of them when asked; one of them in each run of the tests, another each day. */
const played = isAll ? KINDS : turn(KINDS, seedOf(process.env, Date.now()), 1);
const WRITES = isShort ? 400 : 2000;
const STOPPED_MS = isShort ? 4000 : 40_000;
const IN_FLIGHT = 20;
/** A heartbeat gives up after a second; the rest is for a machine that is busy with others. */
const ANSWERED_MS = 1500;
const BACK_MS = 60_000;

const beat = (port: number, user: string) => ask(port, user, 'POST', '/heartbeat', {});

const answersAgain = (port: number): Promise<void> =>
  until(async () => {
    const answer = await beat(port, 'anybody').catch(() => null);
    return answer?.status === 200 ? null : `it answers ${answer?.status}`;
  }, BACK_MS);

describe.each(played)('faults of %s', (kind) => {
  let database: PrivateDatabase;
  let nodes: SqlNode[];
  let missing: string | undefined;
  const startOne = (): Promise<SqlNode> => startSqlNode({ kind, address: database.address });

  /** As whoever runs nodes does: one that finds no database is started again. */
  const startAtLast = async (): Promise<SqlNode> => {
    for (;;) {
      try {
        return await startOne();
      } catch {
        await pass(200);
      }
    }
  };

  beforeEach(async () => {
    nodes = [];
    const found = await serviceOrReason(() => startPrivateDatabase(kind));
    missing = 'missing' in found ? found.missing : undefined;
    if ('service' in found) database = found.service;
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    if (missing === undefined) await database.stop();
  });
  afterAll(() => {
    closeRequests();
    expect(leftOver()).toEqual([]);
  });

  it(`S9: of ${WRITES} acknowledged admin writes none is lost when nodes and database are killed`, async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    // A file has one node that writes to it as fast as it can; servers have several.
    const places = database.isServer ? 2 : 1;
    for (let place = 0; place < places; place += 1) nodes.push(await startOne());
    const broken: Promise<void>[] = [];
    const killNode = async (place: number): Promise<void> => {
      await nodes[place]!.kill();
      nodes[place] = await startAtLast();
    };
    const killDatabase = async (): Promise<void> => {
      await database.kill();
      await database.restart();
    };
    const faults = new Map<number, () => Promise<void>>([
      [Math.floor(WRITES * 0.2), () => killNode(0)],
      [Math.floor(WRITES * 0.4), killDatabase],
      [Math.floor(WRITES * 0.6), () => killNode(places - 1)],
      [Math.floor(WRITES * 0.8), killDatabase],
    ]);
    let asked = 0;
    const users = Array.from({ length: WRITES }, (_, user) => `user-${user}`);
    const written = await banAll(users, IN_FLIGHT, {
      portOf: () => {
        const running = nodes.filter(({ isRunning }) => isRunning);
        return running[(asked += 1) % Math.max(1, running.length)]?.port ?? null;
      },
      onWritten: (count) => {
        const fault = faults.get(count);
        if (fault) broken.push(fault());
      },
    });
    await Promise.all(broken);
    expect(broken).toHaveLength(faults.size);
    const reader = await startOne();
    nodes.push(reader);
    expect(written.odd).toEqual([]);
    expect(written.acknowledged.size).toBe(WRITES);
    expect(await notBanned(reader.port, written.acknowledged)).toEqual([]);
    console.log(`${kind}: ${WRITES} writes, ${written.refused} answered 503 meanwhile`);
  });

  it('S2: while it stands still heartbeats are answered 503 in time, and nothing of them is applied late', async ({
    skip,
  }) => {
    skip(
      missing !== undefined || kind === 'SQLite',
      missing ?? 'a file stands still with its node',
    );
    nodes.push(await startOne());
    const { port } = nodes[0]!;
    expect((await beat(port, 'there')).status).toBe(200);
    database.pause();
    const answers: string[] = [];
    for (let user = 0; user < 5; user += 1) {
      const at = Date.now();
      const { status, retryAfter } = await beat(port, `in-vain-${user}`);
      const isSoon = Date.now() - at < ANSWERED_MS;
      answers.push(`${status}${retryAfter ? ', later' : ''}${isSoon ? ', soon' : ''}`);
    }
    await pass(STOPPED_MS);
    database.resume();
    expect(answers).toEqual(Array.from({ length: 5 }, () => '503, later, soon'));
    await answersAgain(port);
    await pass(1000);
    const { body } = await ask(port, 'reader', 'POST', '/users/query', {
      userIds: ['there', ...answers.map((_, user) => `in-vain-${user}`)],
    });
    const { presences } = body as { presences: { userId: string; status: string }[] };
    const statuses = presences.map(({ userId, status }) => `${userId} ${status}`);
    expect(statuses).toEqual([
      'there online',
      ...answers.map((_, user) => `in-vain-${user} offline`),
    ]);
  });
});
