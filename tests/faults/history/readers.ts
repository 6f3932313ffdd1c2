import type { Presence } from '@presence/core';
import type { CountAnswer, UsersAnswer } from '@presence/core/protocol';
import { ask } from '../crowd/ask.ts';
import { nameOf, numberOf } from '../crowd/names.ts';
import type { Target } from '../crowd/person.ts';
import { contentOf } from '../crowd/watcher.ts';
import type { History, ReadRow } from './history.ts';

const EVERY_MS = 1000;
const ROWS = 300;
const MOST_ROWS = 500;
const READER = 'reader';

const rowOf = (presence: Presence): ReadRow => ({
  user: numberOf(presence.userId)!,
  status: presence.status,
  version: presence.version,
  content: contentOf(presence),
});

const readOn = async (
  history: History,
  { name: node, port }: Target,
  users: readonly number[],
): Promise<boolean> => {
  const askedAt = Date.now();
  const userIds = users.map(nameOf);
  const { status, body } = await ask(port, READER, 'POST', '/users/query', { userIds });
  if (status !== 200) return false;
  const rows = (body as UsersAnswer).presences.map(rowOf);
  history.reads.push({ node, askedAt, answeredAt: Date.now(), rows });
  return true;
};

const countOn = async (history: History, { name: node, port }: Target): Promise<void> => {
  const askedAt = Date.now();
  const { status, body } = await ask(port, READER, 'GET', '/online/count');
  if (status !== 200) return;
  const { count } = body as CountAnswer;
  history.counts.push({ node, askedAt, answeredAt: Date.now(), count });
};

const range = (from: number, count: number, users: number): number[] =>
  Array.from({ length: Math.min(count, users) }, (_, step) => (from + step) % users);

/** Reads everybody on one node once. False: it could not. */
export const readAll = async (history: History, target: Target): Promise<boolean> => {
  const { users } = history;
  for (let from = 0; from < users; from += MOST_ROWS) {
    const asked = range(from, Math.min(MOST_ROWS, users - from), users);
    if (!(await readOn(history, target, asked).catch(() => false))) return false;
  }
  await countOn(history, target);
  return true;
};

/** Asks every node each second for some users and for the count, and writes the answers down. */
export const startReaders = (history: History, targets: () => readonly Target[]): (() => void) => {
  let from = 0;
  const timer = setInterval(() => {
    from = (from + ROWS) % history.users;
    for (const target of targets()) {
      readOn(history, target, range(from, ROWS, history.users)).catch(() => undefined);
      countOn(history, target).catch(() => undefined);
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
};
