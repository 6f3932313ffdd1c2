// The same pages as most would write them: one statement that joins the store's table of users, with an offset. It shows
// what the last commit left, and nobody who hides.
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { TENANT } from './people.ts';

export interface ByHand {
  readonly where: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
}

export const turnByHand = async (
  db: Kysely<unknown>,
  { where, order }: ByHand,
  most: number,
): Promise<number[]> => {
  const times: number[] = [];
  for (let page = 0; page < most; page += 1) {
    const start = performance.now();
    const { rows } = await sql`select u.id, u.name, u.email, u.status as account, u.is_active,
        coalesce(p.status, 'offline') as status, p.last_seen_at
      from users u left join presence_user p on p.tenant = u.org and p.user_id = u.id
      where u.org = ${TENANT} and ${where} order by ${order} limit 100 offset ${page * 100}`.execute(
      db,
    );
    times.push(performance.now() - start);
    if (rows.length < 100) break;
  }
  return times;
};
