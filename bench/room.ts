// What one of 5,000 in a room is told while one in ten of them changes state each minute: bytes as they go over a socket, on
// virtual time. Beside compact rows stand a page of the room, and an event with the whole presence for each change.
import { createSeededRandom } from '@presence/core/testing';
import type { Status } from '@presence/core';
import {
  createVirtualNode,
  type VirtualClient,
} from '../packages/server/src/testing/virtual-node.ts';
import { figure, machine } from './sides.ts';

const MEMBERS = 5000;
const CHANGES_A_MINUTE = MEMBERS / 10;
const MINUTES = 3;
/** Who is on the screen of somebody who turns pages. */
const PAGE = 100;
const ROOM = 'hall';
const HOUR = 3_600_000;

const STATUSES: readonly Status[] = ['busy', 'away', 'dnd', 'online'];

/** A server's frame is not masked (RFC 6455, 5.2). */
const bytesOf = (text: string): number => {
  const payload = Buffer.byteLength(text);
  return payload + (payload <= 125 ? 2 : payload <= 0xffff ? 4 : 10);
};

const { node, clock, join, stop } = createVirtualNode();
const keyOf = (index: number) => ({ tenant: 'default', userId: `user-${index}` });
const random = createSeededRandom(1);
const someone = (): number => Math.floor(random.next() * MEMBERS);

const enter = async (index: number): Promise<void> => {
  const sessionId = `session-${index}`;
  const own = { sessionId, resume: false, lease: { ownForMs: HOUR }, device: null, idleMs: null };
  await node.engine.execute(keyOf(index), { type: 'open', ...own });
  await node.engine.execute(keyOf(index), { type: 'join-room', sessionId, room: ROOM, meta: null });
};

const claim = (index: number, status: Status): Promise<unknown> =>
  node.engine.execute(keyOf(index), { type: 'claim', source: 'user', status });

const take = (client: VirtualClient): number =>
  client.texts.splice(0).reduce((sum, text) => sum + bytesOf(text), 0);

await Promise.all(Array.from({ length: MEMBERS }, (_, index) => enter(index)));
await clock.advance(2000);
const whole = await join('whole');
const paged = await join('paged');
whole.send({ type: 'watch', id: 'w', room: ROOM });
const page = Array.from({ length: PAGE }, (_, index) => keyOf(index * 7).userId);
paged.send({ type: 'watch', id: 'p', add: page });
await clock.advance(2000);
const snapshot = take(whole);
take(paged);

let byHand = 0;
for (let change = 0; change < CHANGES_A_MINUTE * MINUTES; change += 1) {
  const [index, status] = [someone(), STATUSES[change % STATUSES.length]!];
  await claim(index, status);
  const presence = {
    userId: keyOf(index).userId,
    status,
    since: clock.now(),
    version: clock.now(),
  };
  byHand += bytesOf(`42${JSON.stringify(['user-status-change', presence])}`);
  await clock.advance(60_000 / CHANGES_A_MINUTE);
}
await clock.advance(2000);

console.log(`room: ${MEMBERS} members, ${CHANGES_A_MINUTE} changes a minute. ${machine()}`);
const seconds = MINUTES * 60;
const rate = take(whole) / seconds;
figure('the snapshot, once', snapshot / 1000, 'kB');
figure('compact rows', rate, 'B/s', 'at most 600');
figure(`a page of ${PAGE}`, take(paged) / seconds, 'B/s', 'at most 200');
figure('an event with the presence for each change', byHand / seconds, 'B/s');
figure('an event for each change : compact rows', byHand / seconds / rate, '×');
await stop();
process.exit();
