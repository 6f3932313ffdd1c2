import { hiddenScope, STATUSES, TENANT_SCOPE, type Key, type Status } from '@presence/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Seen } from '../test-engine.ts';
import { PAGED } from './pager.ts';
import { KEYS, labelOf, TENANTS } from './users.ts';
import type { World } from './world.ts';

const PRESENT: readonly Status[] = ['online', 'away', 'busy', 'dnd'];

const inTenant = (tenant: string): readonly Key[] => KEYS.filter((key) => key.tenant === tenant);

const userIds = (keys: readonly { readonly key: Key }[]): string[] =>
  keys.map(({ key }) => key.userId);

/** Who stands in the pager's list by the facts, as far as the facts tell: the absent may be forgotten. */
export const matchingNow = ({ facts, stage }: World): readonly string[] =>
  inTenant(PAGED.tenant)
    .filter((key) => {
      const status = facts.statusOf(labelOf(key), stage.clock.now(), 'public');
      return status !== 'offline' && PAGED.status.includes(status);
    })
    .map(({ userId }) => userId);

const readsTellTheFacts = async (world: World): Promise<readonly Seen[]> => {
  const { facts, versions } = world;
  const seen = await world.engine(0).read(KEYS);
  const at = world.stage.clock.now();
  for (const { key, at: answered, record } of seen) {
    const user = labelOf(key);
    equal(answered, at, 'the store answers by its own clock');
    if (record === null) ok(facts.isForgettable(user, at), `S8: ${user} was forgotten`);
    const [own, shown] = [record?.own.status ?? 'offline', record?.public.status ?? 'offline'];
    equal(own, facts.statusOf(user, at, 'true'), `S1: ${user} as admins see them`);
    equal(shown, facts.statusOf(user, at, 'public'), `S1: ${user} as others see them`);
    versions.read(user, record, at);
  }
  return seen;
};

const listsTellTheFacts = async (
  world: World,
  seen: readonly Seen[],
  limit: number,
): Promise<void> => {
  const engine = world.engine(0);
  for (const tenant of TENANTS) {
    const there = seen.filter(({ key, record }) => key.tenant === tenant && record !== null);
    const statusOf = ({ record }: Seen): Status => record!.public.status;
    const listed = await engine.list(tenant, TENANT_SCOPE, PRESENT, limit);
    const present = there.filter((each) => statusOf(each) !== 'offline');
    deepEqual(userIds(listed).sort(), userIds(present), `S13: who is listed in ${tenant}`);
    const counts = await engine.count(tenant, TENANT_SCOPE);
    for (const status of STATUSES) {
      const number = there.filter((each) => statusOf(each) === status).length;
      // A dead node's user may be over their retention before anybody reaped: offline, or nobody.
      const most = status === 'offline' ? inTenant(tenant).length - present.length : number;
      const counted = counts[status];
      ok(
        counted >= number && counted <= most,
        `S13: ${counted} and not ${number} are ${status} in ${tenant}`,
      );
    }
  }
};

const adminsFindTheHidden = async (world: World, seen: readonly Seen[]): Promise<void> => {
  const found = new Map<string, Status>();
  for (const status of STATUSES) {
    for (const { key, record } of await world
      .engine(0)
      .list('acme', hiddenScope(status), STATUSES, 2)) {
      found.set(key.userId, record!.own.status);
    }
  }
  for (const { key, record } of seen) {
    if (key.tenant !== 'acme' || record?.visibility !== 'hidden') continue;
    equal(found.get(key.userId), record.own.status, `S13: ${key.userId}, who is hidden`);
  }
};

/** Whatever time has changed is due, so that somebody will commit it. */
const dueIsComplete = async ({ stage }: World): Promise<void> => {
  const { store, rules, policy } = stage;
  const { at, items } = await store.load(KEYS);
  const due = new Set((await store.due(100, 0)).items.map(({ key }) => labelOf(key)));
  for (const { key, record, leases } of items) {
    const isSettled = rules.settle(record, leases, at, policy).record === record;
    ok(isSettled || due.has(labelOf(key)), `L1: ${labelOf(key)} is not due`);
  }
};

/** Compares everything that can be read with the facts. */
export const verify = async (world: World, step: number): Promise<void> => {
  const seen = await readsTellTheFacts(world);
  await listsTellTheFacts(world, seen, 1 + (step % 3));
  if (step % 4 === 0) await adminsFindTheHidden(world, seen);
  await dueIsComplete(world);
  world.pager.observe(matchingNow(world));
  await world.replica.verify();
};

/** S3: once everything is committed, nobody sees anything else than before. */
export const verifyReaped = async (world: World): Promise<void> => {
  const engine = world.engine(2);
  const shown = async () =>
    (await engine.read(KEYS)).map(({ record }) => record && [record.public, record.own]);
  const before = await shown();
  for (let rounds = 0; (await engine.reap(2, 0.3)) > 0; rounds += 1) {
    ok(rounds < 100, 'L6: reaping does not come to an end');
  }
  deepEqual(await shown(), before, 'S3: the reaper made other versions than readers were shown');
};
