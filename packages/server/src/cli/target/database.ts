import type { Kysely } from 'kysely';
import type { Call } from '../call.ts';
import { connect } from './drivers.ts';

/** Lends a connection to the database, and closes it. */
export const withDatabase = async <Answer>(
  { address }: Pick<Call, 'address'>,
  how: { readonly mayCreate: boolean },
  work: (db: Kysely<unknown>) => Promise<Answer>,
): Promise<Answer> => {
  const db = await connect(address, how);
  try {
    return await work(db);
  } finally {
    // What could not be closed ends with the process.
    await db.destroy().catch(() => undefined);
  }
};
