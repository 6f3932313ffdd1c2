import type { HeartbeatResponse } from '@presence/core/protocol';
import { createPresence, type HttpRequest } from '@presence/server';
import { cpuMs } from '../sides.ts';

const USERS = 2000;
const BEATS = 200_000;
const AT_ONCE = 8;

const requestOf = (userId: string, body: object): HttpRequest<string> => {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method: 'POST',
    path: '/heartbeat',
    query: '',
    header: (name) => (name === 'content-type' ? 'application/json' : undefined),
    body: { kind: 'stream', read: () => bytes },
    address: '127.0.0.1',
    raw: userId,
  };
};

/** CPU of a heartbeat without any HTTP around it, from bytes to text, in microseconds. */
export const aloneUs = async (): Promise<number> => {
  const presence = createPresence<string>({
    authenticate: (userId) => ({ userId }),
    security: { limits: { beatsPerMinute: 1e12, perAddressPerMinute: 1e12 } },
  });
  const opened: Pick<HeartbeatResponse, 'sessionId' | 'generation'>[] = [];
  for (let user = 0; user < USERS; user += 1) {
    const { body } = await presence.handle(requestOf(`user-${user}`, {}));
    opened.push(JSON.parse(body ?? '') as HeartbeatResponse);
  }
  const beat = (count: number): ReturnType<typeof presence.handle> => {
    const user = count % USERS;
    const { sessionId, generation } = opened[user] ?? {};
    const body = { sessionId, generation, seq: count + 1, activity: 'active', hidden: false };
    return presence.handle(requestOf(`user-${user}`, body));
  };
  const beats = async (): Promise<void> => {
    for (let count = 0; count < BEATS; count += AT_ONCE) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, i) => beat(count + i)),
      );
      if (answers.some(({ status }) => status !== 200)) throw new Error('A heartbeat was refused.');
    }
  };
  await beats();
  const before = cpuMs();
  await beats();
  const us = ((cpuMs() - before) * 1000) / BEATS;
  await presence.close();
  return us;
};
