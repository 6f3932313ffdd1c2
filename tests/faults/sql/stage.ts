import { startPrivateRedis, type PrivateRedis } from '../processes/redis.ts';
import { seedOf, turn } from '../rotation.ts';
import { pass } from '../waiting.ts';
import { startPrivateDatabase, type PrivateDatabase } from './database.ts';
import { startSqlNode, type SqlNode } from './node.ts';
import type { DatabaseKind } from './settings.ts';
import { banAll, type Written } from './writes.ts';

const KINDS: readonly DatabaseKind[] = ['Postgres', 'MariaDB', 'SQLite'];

export const isShort = process.env['PRESENCE_FAULTS_SCALE'] !== 'full';
const isAll = process.env['PRESENCE_FAULTS'] !== undefined;

/** All of them when asked; one of them in each run of the tests, another each day. */
export const PLAYED = isAll ? KINDS : turn(KINDS, seedOf(process.env, Date.now()), 1);

/** Acknowledged writes of an admin in one test. */
export const WRITES = isShort ? 400 : 2000;
/** For so many writes and the restarts between them, in ms. */
export const WRITING_MS = isShort ? 300_000 : 900_000;
const IN_FLIGHT = 20;

type Fault = () => Promise<void>;

/** A database with nodes on it, each of which can be killed. */
export interface Stage {
  readonly database: PrivateDatabase;
  /** `null`: presence lives in the database. */
  readonly redis: PrivateRedis | null;
  startOne(): Promise<SqlNode>;
  /** `kill -9` of it, and another one in its place. */
  killNode(place: number): Promise<void>;
  running(): readonly SqlNode[];
  killDatabase(): Promise<void>;
  /**
   * Bans so many users over all nodes, while the faults happen.
   *
   * @param faults by the part of the writes that is acknowledged when they begin
   */
  write(faults: readonly (readonly [number, Fault])[]): Promise<Written>;
  stop(): Promise<void>;
}

interface StageOptions {
  readonly withRedis?: boolean;
  /** What the nodes tell every change. */
  readonly webhookUrl?: string | null;
}

const createNodes = (start: () => Promise<SqlNode>) => {
  const nodes: SqlNode[] = [];

  /** As whoever runs nodes does: one that finds no database is started again. */
  const startAtLast = async (): Promise<SqlNode> => {
    for (;;) {
      try {
        return await start();
      } catch {
        await pass(200);
      }
    }
  };

  return {
    start: async (): Promise<SqlNode> => {
      const node = await start();
      nodes.push(node);
      return node;
    },
    kill: async (place: number): Promise<void> => {
      await nodes[place]!.kill();
      nodes[place] = await startAtLast();
    },
    running: (): SqlNode[] => nodes.filter(({ isRunning }) => isRunning),
    stop: () => Promise.all(nodes.map((node) => node.kill())),
  };
};

const createWrite =
  (running: () => readonly SqlNode[]): Stage['write'] =>
  async (faults) => {
    const broken: Promise<void>[] = [];
    const waiting = new Map(faults.map(([part, fault]) => [Math.floor(WRITES * part), fault]));
    let asked = 0;
    const users = Array.from({ length: WRITES }, (_, user) => `user-${user}`);
    const written = await banAll(users, IN_FLIGHT, {
      portOf: () => {
        const nodes = running();
        return nodes[(asked += 1) % Math.max(1, nodes.length)]?.port ?? null;
      },
      onWritten: (count) => {
        const fault = waiting.get(count);
        if (fault) broken.push(fault());
      },
    });
    await Promise.all(broken);
    return written;
  };

/** @throws MissingService where a server program is missing and none can be installed */
export const startStage = async (
  kind: DatabaseKind,
  { withRedis = false, webhookUrl = null }: StageOptions = {},
): Promise<Stage> => {
  const redis = withRedis ? await startPrivateRedis() : null;
  const database = await startPrivateDatabase(kind);
  const { address } = database;
  const redisPort = redis?.port ?? null;
  const nodes = createNodes(() => startSqlNode({ kind, address, redisPort, webhookUrl }));
  return {
    database,
    redis,
    startOne: nodes.start,
    killNode: nodes.kill,
    running: nodes.running,
    killDatabase: async () => {
      await database.kill();
      await database.restart();
    },
    write: createWrite(nodes.running),
    stop: async () => {
      await nodes.stop();
      await Promise.all([database.stop(), redis?.stop()]);
    },
  };
};
