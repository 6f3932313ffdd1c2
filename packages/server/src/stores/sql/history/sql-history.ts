import type { UserSteps, History } from '../../../history/history.ts';
import type { Parts } from '../parts.ts';
import { createReady, type Ready } from '../ready.ts';
import { partsOf, type SqlOptions } from '../sql-options.ts';
import { dropErased, eraseSteps, trimSteps } from './erase-steps.ts';
import { putSteps, stepRows } from './put-steps.ts';
import { readPresentAt, readStepBefore, readSteps, readStepsOf } from './read-steps.ts';

/** Adds steps later than their commit. Without those of users whose history was erased meanwhile. */
const append = async (parts: Parts, entries: readonly UserSteps[]): Promise<void> => {
  const { db, texts } = parts;
  const owned = entries.map(({ key, steps }) => ({
    tenant: texts.in(key.tenant),
    userId: texts.in(key.userId),
    steps,
  }));
  await putSteps(
    parts,
    db,
    owned.flatMap(({ tenant, userId, steps }) => stepRows(tenant, userId, steps)),
  );
  await dropErased(
    parts,
    owned.map(({ tenant, userId }) => [tenant, userId]),
  );
};

/** The history in the tables of a store, which writes steps into it itself. */
export const createSqlHistory = (parts: Parts, ready: Ready): History => {
  const run = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const { answer } = await parts.attempts(() =>
      ready.ask(async () => ({ answer: await work() })),
    );
    return answer;
  };
  return {
    append: (entries) => run(() => append(parts, entries)),
    read: (query) => run(() => readSteps(parts, query)),
    stepBefore: (key, at) => run(() => readStepBefore(parts, key, at)),
    stepsOf: (tenant, range) => readStepsOf(parts, tenant, range),
    presentAt: (tenant, at) => run(() => readPresentAt(parts, tenant, at)),
    erase: (key, below) => run(() => eraseSteps(parts, key, below)),
    trim: (before, limit) => run(() => trimSteps(parts, before, limit)),
  };
};

/**
 * A history in SQL for presence that lives elsewhere, in Redis or in memory. With `sqlStore` it is not
 * needed: that keeps the history itself, in the transaction of each change.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * createPresence({ authenticate, store: redisStore({ redis }), history: { keep: sqlHistory({ db }) } })
 */
export const sqlHistory = <Schema>(options: SqlOptions<Schema>): History => {
  const parts = partsOf(options);
  return createSqlHistory(parts, createReady(parts));
};
