import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  flush,
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { createPresence } from '../../../presence.ts';
import { attachWebhooks } from '../../../webhooks/attach-webhooks.ts';
import type { WebhookEvent, WebhookOptions } from '../../../webhooks/types.ts';
import { createSqlStore } from '../create-store.ts';

/** PGlite has one session, and is too slow for nodes whose time flies. */
const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];
const SECRET = 'a secret for webhooks that is long enough';
const absent = { source: 'admin', holdsAbsent: true } as const;

type Answer = number | 'never';

describe.each(DATABASES)('%s', (name) => {
  describe.skipIf(missingSql(name))('webhooks from the outbox', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());
    beforeEach(async () => {
      for (const table of ['outbox', 'hook']) {
        await sql`delete from ${sql.table(prepared.prefix + table)}`.execute(prepared.db);
      }
    });

    /** Nodes over one database, on one virtual clock, with a target that answers as told. */
    const createWorld = () => {
      const clock = createVirtualClock();
      const told: WebhookEvent[] = [];
      const target = { answer: (): Answer => 204 };
      const post = (body: string): Promise<{ status: number }> => {
        const event = JSON.parse(body) as WebhookEvent;
        told.push(event);
        const status = target.answer();
        return status === 'never' ? new Promise(() => undefined) : Promise.resolve({ status });
      };
      const nodeOf = (seed: number, options: Partial<WebhookOptions> | null = {}) => {
        // A process that is killed has no clock any more.
        let isDead = false;
        const living = {
          ...clock,
          after: (ms: number, task: () => void) => clock.after(ms, () => void (isDead || task())),
          every: (ms: number, task: () => void) => clock.every(ms, () => void (isDead || task())),
        };
        const store = createSqlStore(
          sqlParts(prepared, { now: () => sql.lit(Math.floor(clock.now())) }),
          60_000,
        );
        const presence = createPresence({
          authenticate: () => null,
          security: { secret: SECRET },
          store,
          testing: { clock: living, random: createSeededRandom(seed) },
        });
        const hooks =
          options &&
          attachWebhooks(presence, {
            url: 'https://app.example/hook',
            secret: SECRET,
            ...options,
            testing: { post: ({ body }) => post(body) },
          });
        return { presence, hooks, kill: () => void (isDead = true) };
      };
      const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
        for (let turn = 0; turn < 1500 && !(await isSo()); turn += 1) {
          await clock.advance(100);
          await flush();
          // Behind everything that was asked before: time passes no faster than the database answers.
          await sql`select 1`.execute(prepared.db);
        }
        expect(await isSo()).toBe(true);
      };
      /** Lets time pass meanwhile: whoever collides waits a moment. */
      const done = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
        let isDone = false;
        const ended = work.finally(() => (isDone = true));
        await until(() => isDone);
        return ended;
      };
      return { clock, told, target, nodeOf, until, done };
    };

    const rows = async (): Promise<number> => {
      const table = sql.table(`${prepared.prefix}outbox`);
      const found = await sql<{ n: unknown }>`select count(*) as n from ${table}`.execute(
        prepared.db,
      );
      return Number(found.rows[0]!.n);
    };

    const versionsOf = (told: readonly WebhookEvent[], userId: string): number[] =>
      told.filter(({ presence }) => presence.userId === userId).map((one) => one.presence.version);

    it('each change of whichever process is told once, and forgotten then', async () => {
      const { told, nodeOf, until, done } = createWorld();
      const { presence, hooks } = nodeOf(1);
      const silent = nodeOf(2, null);
      await done(hooks!.ready);
      expect(hooks!.delivery).toBe('at-least-once');
      await done(presence.claim('ada', 'busy', { ...absent, message: 'Writing' }));
      await done(silent.presence.claim('bob', 'dnd', absent));
      // Nobody else sees it, and no webhook does.
      await done(presence.claim('ada', 'busy', { source: 'zzz', forMs: 60_000 }));
      await until(async () => told.length >= 2 && (await rows()) === 0);
      expect(told).toMatchObject([
        { tenant: 'default', cause: 'claimed', presence: { userId: 'ada', message: 'Writing' } },
        { tenant: 'default', cause: 'claimed', presence: { userId: 'bob', status: 'dnd' } },
      ]);
      await done(Promise.all([presence.close(), silent.presence.close()]));
    });

    it('what a process that is killed had not told is told by another one, in order', async () => {
      const { told, target, nodeOf, until, done } = createWorld();
      const first = nodeOf(1);
      await done(first.hooks!.ready);
      const second = nodeOf(2);
      target.answer = () => 'never';
      for (const status of ['busy', 'dnd', 'away'] as const) {
        await done(first.presence.claim('ada', status, absent));
      }
      await until(() => told.length === 1);
      first.kill();
      told.length = 0;
      target.answer = () => 204;
      await until(async () => (await rows()) === 0);
      expect(told.map(({ presence }) => presence.status)).toEqual(['busy', 'dnd', 'away']);
      await done(second.presence.close());
    });

    it('none is missed, none invented and none out of order, while nodes collide and the target fails', async () => {
      const { told, target, nodeOf, until, done } = createWorld();
      const nodes = [nodeOf(1), nodeOf(2), nodeOf(3, null)];
      await done(nodes[0]!.hooks!.ready);
      const made = new Map<string, Set<number>>();
      for (const { presence } of nodes) {
        presence.on('change', ({ presence: { userId, version } }) => {
          made.set(userId, (made.get(userId) ?? new Set()).add(version));
        });
      }
      let turn = 0;
      target.answer = () => ((turn += 1) % 3 === 0 ? 500 : 204);
      for (let round = 0; round < 5; round += 1) {
        const claims = Promise.all(
          nodes.flatMap(({ presence }, index) =>
            ['c1', 'c2', 'c3'].map((userId) =>
              presence.claim(userId, 'busy', { ...absent, message: `${round} ${index}` }),
            ),
          ),
        );
        await done(claims);
      }
      await until(async () => (await rows()) === 0);
      for (const [userId, versions] of made) {
        const heard = versionsOf(told, userId).filter(
          (version, at, all) => version !== all[at - 1],
        );
        expect(heard).toEqual([...versions].sort((a, b) => a - b));
      }
      await done(Promise.all(nodes.map(({ presence }) => presence.close())));
    });

    it('what was given up is kept, tried again, or dropped; each tenant its own', async () => {
      const { told, target, nodeOf, until, clock, done } = createWorld();
      const { presence, hooks } = nodeOf(1, { mostTries: 2 });
      await done(hooks!.ready);
      target.answer = () => 500;
      const other = presence.tenant('other');
      await done(presence.claim('ada', 'busy', absent));
      await done(other.claim('eve', 'busy', absent));
      await until(() => hooks!.failures().length === 2);
      const outbox = createSqlStore(
        sqlParts(prepared, { now: () => sql.lit(Math.floor(clock.now())) }),
        60_000,
      ).keepOutbox!();
      await until(async () => (await outbox.count('default', 'default')).failed === 1);
      const [failure] = await outbox.failures('default', 'default', 10);
      expect(failure).toMatchObject({ userId: 'ada', tries: 2, reason: 'status 500' });
      expect(await outbox.drop({ tenant: 'other', hook: 'default', userId: 'ada' })).toBe(0);
      expect(await outbox.drop({ tenant: 'other', hook: 'another' })).toBe(0);
      target.answer = () => 204;
      told.length = 0;
      const choice = { tenant: 'default', hook: 'default', userId: 'ada' } as const;
      expect(await outbox.retry({ ...choice, version: failure!.version + 1 })).toBe(0);
      expect(await outbox.retry({ ...choice, version: failure!.version })).toBe(1);
      await until(() => told.length === 1);
      expect(told[0]).toMatchObject({ tenant: 'default', presence: { userId: 'ada' } });
      await until(async () => (await outbox.count('default', 'default')).waiting === 0);
      expect(await outbox.count('other', 'default')).toEqual({ waiting: 0, failed: 1 });
      // Who is forgotten leaves nothing behind.
      await done(other.forget('eve'));
      expect(await outbox.count('other', 'default')).toMatchObject({ failed: 0 });
      await done(presence.close());
    });

    it('what the filter leaves out does not stay', async () => {
      const { told, nodeOf, until, done } = createWorld();
      const { presence, hooks } = nodeOf(1, {
        filter: ({ presence: shown }) => shown.status === 'dnd',
      });
      await done(hooks!.ready);
      await done(presence.claim('ada', 'busy', absent));
      await done(presence.claim('ada', 'dnd', absent));
      await until(async () => told.length === 1 && (await rows()) === 0);
      expect(told[0]!.presence.status).toBe('dnd');
      await done(presence.close());
    });

    it('nothing is kept where nobody has to be told, nor for whom nobody asked for a week', async () => {
      const { nodeOf, clock, done } = createWorld();
      const silent = nodeOf(1, null);
      await done(silent.presence.claim('ada', 'busy', absent));
      expect(await rows()).toBe(0);
      const { hooks, presence } = nodeOf(2);
      await done(hooks!.ready);
      await done(presence.close());
      await done(silent.presence.claim('ada', 'dnd', absent));
      expect(await rows()).toBe(1);
      const outbox = createSqlStore(
        sqlParts(prepared, { now: () => sql.lit(Math.floor(clock.now())) }),
        60_000,
      ).keepOutbox!();
      await clock.advance(1000);
      await outbox.trim(60_000);
      expect(await rows()).toBe(1);
      await outbox.trim(500);
      expect(await rows()).toBe(0);
      const hook = sql.table(`${prepared.prefix}hook`);
      await sql`update ${hook} set enrolled_until = ${Math.floor(clock.now())}`.execute(
        prepared.db,
      );
      await done(silent.presence.claim('ada', 'busy', absent));
      expect(await rows()).toBe(0);
      await done(silent.presence.close());
    });
  });
});
