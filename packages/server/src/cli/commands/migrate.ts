import { migrate } from '../../stores/sql/migrations/migrate.ts';
import type { Run } from '../call.ts';
import { withDatabase } from '../target/database.ts';

export const run: Run = (call) =>
  withDatabase(call, { mayCreate: true }, async (db) => {
    const { names } = await migrate(db, call.place);
    const applied =
      names.length === 0 ? ['Nothing to do.'] : names.map((name) => `Applied ${name}.`);
    call.tell({ store: call.address.shown, applied: names }, applied);
  });
