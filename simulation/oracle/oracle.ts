import type { BorderListener } from '../world/border.ts';
import type { Login } from '../world/server-process.ts';
import { createKnownUser, endOf, type KnownUser } from './facts.ts';
import { expectedOf, type Expected } from './expected.ts';
import { learnFromArrival, learnFromHttp } from './from-http.ts';
import { createSocketReader } from './from-sockets.ts';
import { amnesty } from './stalls.ts';
import type { Rights } from './rights.ts';

/** What the world knows of all users, without looking into the server. */
export interface Oracle {
  user(tenant: string, userId: string): KnownUser;
  users(): Iterable<KnownUser>;
  expected(tenant: string, userId: string): Expected;
  /** Whom the tickets that were given out name. */
  readonly tickets: ReadonlyMap<string, Login>;
  /** Sessions that were taken although they had ended, in words. */
  readonly strange: readonly string[];
  readonly listener: BorderListener;
}

/** @param now the time of the world */
export const createOracle = (now: () => number): Oracle => {
  const users = new Map<string, KnownUser>();
  const rights: Rights = { leave: new Map(), tickets: new Map(), spent: new Set() };

  const user = (tenant: string, userId: string): KnownUser => {
    const text = `${tenant}\n${userId}`;
    const known = users.get(text) ?? createKnownUser(tenant, userId);
    users.set(text, known);
    return known;
  };

  const prune = (known: KnownUser): void => {
    for (const session of known.sessions.values()) {
      if (endOf(session).by <= now()) known.sessions.delete(session.id);
    }
    for (const { source, until } of known.claims.values()) {
      if (until !== null && until <= now()) known.claims.delete(source);
    }
  };

  const strangers: string[] = [];
  const strange = ({ tenant, userId }: KnownUser, sessionId: string): void =>
    void strangers.push(`${tenant}/${userId} ${sessionId}`);
  const sockets = createSocketReader({ now, user, rights, prune, strange });
  return {
    user: (tenant, userId) => {
      const known = user(tenant, userId);
      prune(known);
      return known;
    },
    users: () => users.values(),
    tickets: rights.tickets,
    strange: strangers,
    expected: (tenant, userId) => {
      const known = user(tenant, userId);
      prune(known);
      return expectedOf(known, now());
    },
    listener: {
      ...sockets,
      arrived: (request) => learnFromArrival(request, user, now()),
      answered: (exchange) => learnFromHttp(exchange, { user, rights, prune, strange }),
      stalled: (from, to) => {
        for (const known of users.values()) amnesty(known, from, to);
      },
      started: () => {
        users.clear();
        rights.leave.clear();
        rights.tickets.clear();
        rights.spent.clear();
        sockets.forget();
      },
    },
  };
};
