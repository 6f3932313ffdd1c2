import { STATUSES, TENANT_SCOPE, type Status } from '@presence/core';
import type { MigrationStatus } from '../../stores/sql/migrations/migrate.ts';
import type { PresenceStore } from '../../stores/store.ts';
import type { Call, Run } from '../call.ts';
import { EXIT } from '../failures.ts';
import { NOBODY } from '../target/nobody.ts';
import { withStore, type Opened } from '../target/store.ts';

type Migrations = readonly MigrationStatus[] | null;

/** `null` where there are no tables to migrate. Changes nothing. */
const migrationsOf = async (call: Call): Promise<Migrations> => {
  if (call.address.kind === 'redis') return null;
  const [{ migrationStatus }, { withDatabase }] = await Promise.all([
    import('../../stores/sql/migrations/migrate.ts'),
    import('../target/database.ts'),
  ]);
  return withDatabase(call, { mayCreate: false }, (db) => migrationStatus(db, call.place));
};

const migrationLines = (migrations: Migrations): string[] =>
  (migrations ?? []).map(
    ({ name, isApplied }) => `Migration  ${name} ${isApplied ? 'applied' : 'MISSING'}`,
  );

const answerTime = async (store: PresenceStore, call: Call): Promise<number> => {
  const from = call.io.clock.now();
  await store.load([NOBODY]);
  return call.io.clock.now() - from;
};

const readStore = async (call: Call, { store, engine }: Opened) => {
  await store.check?.();
  const nodes = (await store.nodes?.()) ?? null;
  const { at, byStatus } = await engine.count({ tenant: call.tenant, scope: TENANT_SCOPE });
  return {
    durability: store.durability,
    answersInMs: await answerTime(store, call),
    asOf: at,
    tenant: call.tenant,
    byStatus,
    nodes,
  };
};

const countsLine = (byStatus: Readonly<Record<Status, number>>): string =>
  STATUSES.map((status) => `${byStatus[status]} ${status}`).join(', ');

export const run: Run = async (call) => {
  const { shown } = call.address;
  const migrations = await migrationsOf(call);
  const isMigrated = migrations?.every(({ isApplied }) => isApplied) ?? true;
  if (!isMigrated) {
    call.tell({ store: shown, migrations, isReady: false }, [
      `Store      ${shown}`,
      ...migrationLines(migrations),
      'Run: presence migrate',
    ]);
    return EXIT.notWell;
  }
  const read = await withStore(call, (opened) => readStore(call, opened));
  call.tell({ store: shown, migrations, isReady: true, ...read }, [
    `Store      ${shown}, ${read.durability}, answers in ${read.answersInMs} ms`,
    ...migrationLines(migrations),
    `Servers    ${read.nodes ?? 'unknown'} with sockets`,
    `Users      ${countsLine(read.byStatus)} (tenant ${call.tenant})`,
  ]);
  return EXIT.done;
};
