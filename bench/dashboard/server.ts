// A server with a hundred thousand people who are there, and a fixed number of changes a second among them.
import type { DirectoryUser, Presence } from '@presence/server';
import { servePresence } from '../joining.ts';
import { answers, wait } from '../sides.ts';

export const PEOPLE = 100_000;

const AT_ONCE = 1000;
const TICK_MS = 20;

/** Nobody's lease ends, and nobody goes idle, while they are looked at. */
const policy = { leaseMs: 3_600_000, heartbeatMs: 600_000, hiddenHeartbeatMs: 600_000 };

const idOf = (person: number): string => `user-${String(person).padStart(6, '0')}`;

const FIRST = ['Ada', 'Grace', 'Linus', 'Noah', 'Mei', 'Omar', 'Priya', 'Lena'];
const LAST = ['Lovelace', 'Hopper', 'Adeyemi', 'Tanaka', 'Rossi', 'Novák', 'Okafor', 'Lindqvist'];

const personOf = (person: number): DirectoryUser => {
  const userId = idOf(person);
  const name = `${FIRST[person % 8]} ${LAST[Math.floor(person / 8) % 8]} ${person}`;
  return { userId, name, email: `${userId}@example.org` };
};

/** In the order of rows: who stands in row 7 is person 7. */
const directory = {
  filters: [],
  sorts: ['name'],
  list: async ({ after, limit }: { readonly after?: string; readonly limit: number }) => {
    const from = Number(after ?? 0);
    const end = Math.min(PEOPLE, from + limit);
    const users = Array.from({ length: end - from }, (_, index) => personOf(from + index));
    return { users, next: end < PEOPLE ? String(end) : null };
  },
  get: async (_tenant: string, userIds: readonly string[]) =>
    userIds.map((userId) => personOf(Number(userId.slice(-6)))),
};

/** Who changes: so many a second, among the first so many people. */
export interface Changes {
  readonly perSecond: number;
  readonly among: number;
}

const createChanges = (presence: Pick<Presence, 'claim'>) => {
  let wanted: Changes = { perSecond: 0, among: 1 };
  let [made, startedAt, before] = [0, performance.now(), 0];
  const tick = async (): Promise<void> => {
    const { perSecond, among } = wanted;
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000) - made;
    made += due;
    before += due;
    await Promise.all(
      Array.from({ length: due }, (_, index) =>
        // Steps that meet everybody in turn, far from each other, and each time with another status.
        presence.claim(
          idOf(((before + index) * 7919) % among),
          (['busy', 'away', 'dnd', 'online'] as const)[
            (before + index + Math.floor(before / among)) % 4
          ] ?? 'busy',
        ),
      ),
    );
  };
  const run = async (): Promise<never> => {
    for (;;) {
      await tick();
      await wait(TICK_MS);
    }
  };
  void run();
  return {
    begin: (changes: Changes): void => {
      wanted = changes;
      [made, startedAt] = [0, performance.now()];
    },
    /** Since the last time that they were begun. */
    rate: (): number => (made * 1000) / (performance.now() - startedAt),
  };
};

export const serveDashboard = async (): Promise<void> => {
  const { presence, port } = servePresence({
    authenticate: () => ({ userId: 'root' }),
    admin: true,
    policy,
    sources: { directory },
    security: {
      secret: 'only for measuring, never for real use',
      authorize: () => true,
      limits: { perAddressPerMinute: 1e9, queriesPerMinute: 1e9 },
    },
  });
  for (let person = 0; person < PEOPLE; person += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => presence.signIn(idOf(person + index))),
    );
  }
  const changes = createChanges(presence);
  answers({
    port: () => port,
    begin: (wanted: never) => changes.begin(wanted),
    rate: () => changes.rate(),
  });
};
