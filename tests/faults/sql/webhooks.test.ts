import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../crowd/ask.ts';
import { pass, until } from '../waiting.ts';
import { startTarget } from './target.ts';
import { useStage } from './use-stage.ts';

const USERS = Array.from({ length: 30 }, (_, user) => `user-${user}`);
const CHANGES = 12;
/** Whoever takes over waits until the time of the node that died is over, and refused ones are told again. */
const TOLD_MS = 90_000;

const target = await startTarget();
afterAll(() => target.close());

describe('webhooks from an outbox in a file of SQLite', () => {
  const used = useStage('SQLite', { webhookUrl: target.url });

  it('S9: every change is told at least once and in order per user, though the node is killed twice', async () => {
    const stage = used.stage();
    await stage.startOne();
    let written = 0;
    /** The change has the number as its message; asked again until it is answered. */
    const change = async (user: string, number: number): Promise<void> => {
      const body = { status: 'busy', message: String(number), holdsAbsent: true };
      for (;;) {
        const [node] = stage.running();
        const path = `/admin/users/${user}/status`;
        const answer = node && (await ask(node.port, 'admin', 'PUT', path, body).catch(() => null));
        if (answer?.status === 200) break;
        await pass(50);
      }
      written += 1;
    };
    const changeAll = async (user: string): Promise<void> => {
      for (let number = 1; number <= CHANGES; number += 1) await change(user, number);
    };
    const killAt = async (share: number): Promise<void> => {
      const count = USERS.length * CHANGES * share;
      await until(() => (written >= count ? null : `${written} are written`), TOLD_MS);
      await stage.killNode(0);
    };
    await Promise.all([...USERS.map(changeAll), killAt(0.3).then(() => killAt(0.7))]);

    const messagesOf = (user: string): readonly string[] =>
      (target.told().get(user) ?? []).map(({ presence }) => presence.message ?? '');
    const missing = (): string | null => {
      const lacking = USERS.filter((user) => new Set(messagesOf(user)).size < CHANGES);
      return lacking.length === 0 ? null : `of ${lacking.length} users not all was told`;
    };
    await until(missing, TOLD_MS);
    for (const [user, events] of target.told()) {
      const versions = events.map(({ presence }) => presence.version);
      expect([user, versions]).toEqual([user, versions.toSorted((a, b) => a - b)]);
      const numbers = messagesOf(user).map(Number);
      expect([user, numbers]).toEqual([user, numbers.toSorted((a, b) => a - b)]);
    }
  });
});
