import { ask } from '../crowd/ask.ts';
import { pass } from '../waiting.ts';

/** What came of writes of an admin. */
export interface Written {
  /** Users whose write was answered 200 and `durable`. */
  readonly acknowledged: ReadonlySet<string>;
  /** Answers that were neither that nor 503 with Retry-After. */
  readonly odd: readonly string[];
  readonly refused: number;
}

const AGAIN_MS = 50;

const isDurable = (body: unknown): boolean =>
  (body as { durability?: string } | null)?.durability === 'durable';

/**
 * Bans users, so many at once, each until it is acknowledged.
 *
 * @param portOf the node to ask; null: none runs
 * @param onWritten after each acknowledgement, how many there are
 */
export const banAll = async (
  users: readonly string[],
  width: number,
  { portOf, onWritten }: { portOf(): number | null; onWritten(count: number): void },
): Promise<Written> => {
  const acknowledged = new Set<string>();
  const odd: string[] = [];
  let refused = 0;
  let next = 0;

  const ban = async (user: string): Promise<boolean> => {
    const port = portOf();
    if (port === null) return false;
    // A node that was killed answers nothing.
    const answer = await ask(port, 'admin', 'PUT', `/admin/users/${user}/account`, {
      account: 'banned',
    }).catch(() => null);
    if (answer === null) return false;
    const { status, retryAfter, body } = answer;
    if (status === 200 && isDurable(body)) return true;
    if (status === 503 && retryAfter !== undefined) refused += 1;
    else odd.push(`${status} ${JSON.stringify(body)}`);
    return false;
  };

  const worker = async (): Promise<void> => {
    for (;;) {
      const user = users[next];
      if (user === undefined) return;
      next += 1;
      while (!(await ban(user))) await pass(AGAIN_MS);
      acknowledged.add(user);
      onWritten(acknowledged.size);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return { acknowledged, odd, refused };
};

/** Of these users, those who are not banned, as a node says. */
export const notBanned = async (port: number, users: Iterable<string>): Promise<string[]> => {
  const wrong: string[] = [];
  for (const user of users) {
    const { body } = await ask(port, 'admin', 'GET', `/admin/users/${user}`);
    const { account } = (body as { user: { account: string } }).user;
    if (account !== 'banned') wrong.push(`${user}: ${account}`);
  }
  return wrong;
};
