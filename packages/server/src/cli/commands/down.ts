import { migrateDown } from '../../stores/sql/migrations/migrate.ts';
import type { Run } from '../call.ts';
import { refused } from '../failures.ts';
import { withDatabase } from '../target/database.ts';

export const run: Run = async (call) => {
  const { all = false, yes } = call.options;
  if (!yes) {
    throw refused(
      `This drops tables of ${call.address.shown} with what is stored in them. Nothing was done; add --yes if that is meant.`,
    );
  }
  return withDatabase(call, { mayCreate: false }, async (db) => {
    const { names } = await migrateDown(db, { ...call.place, all });
    const undone =
      names.length === 0 ? ['Nothing to undo.'] : names.map((name) => `Undid ${name}.`);
    call.tell({ store: call.address.shown, undone: names }, undone);
  });
};
