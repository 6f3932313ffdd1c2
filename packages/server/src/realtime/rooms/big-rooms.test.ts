import { LIMITS, type RoomSnapshotFrame } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import {
  createVirtualNode,
  type VirtualClient,
  type VirtualNode,
} from '../../testing/virtual-node.ts';

const FULL = LIMITS.roomFullRows;
const COMPACT = LIMITS.roomCompactRows;

/** So many users, each with an HTTP session in the room. */
const fill = async ({ node }: VirtualNode, from: number, to: number): Promise<void> => {
  const one = async (index: number): Promise<void> => {
    const key = { tenant: 'default', userId: `u${index}` };
    const sessionId = `s${index}`;
    await node.engine.execute(key, {
      type: 'open',
      sessionId,
      resume: false,
      lease: { ownForMs: 600_000 },
      device: null,
      idleMs: null,
    });
    await node.engine.execute(key, { type: 'join-room', sessionId, room: 'hall', meta: null });
  };
  await Promise.all(Array.from({ length: to - from }, (_, index) => one(from + index)));
};

const leave = ({ node }: VirtualNode, index: number): Promise<unknown> =>
  node.engine.execute(
    { tenant: 'default', userId: `u${index}` },
    { type: 'leave-room', sessionId: `s${index}`, room: 'hall' },
  );

const watched = async (node: VirtualNode): Promise<VirtualClient> => {
  const viewer = await node.join('viewer');
  viewer.send({ type: 'watch', id: 'w', room: 'hall' });
  await node.clock.advance(10);
  return viewer;
};

/** The snapshot that was sent last, put together. */
const snapshotOf = (client: VirtualClient) => {
  const frames = client.take('snapshot') as unknown as RoomSnapshotFrame[];
  const rows = frames.flatMap(({ presences }) => presences);
  return { mode: frames[0]?.mode, count: frames[0]?.count, rows, frames: frames.length };
};

describe('a room that outgrows a bound', () => {
  it('S13: is told anew in its next mode, and back', async () => {
    const node = createVirtualNode();
    await fill(node, 0, FULL);
    const viewer = await watched(node);
    const full = snapshotOf(viewer);
    expect(full).toMatchObject({ mode: 'full', count: FULL, frames: 2 });
    expect(full.rows).toHaveLength(FULL);

    await fill(node, FULL, FULL + 1);
    await node.clock.advance(200);
    const compact = snapshotOf(viewer);
    expect(compact).toMatchObject({ mode: 'compact', count: FULL + 1 });
    expect(compact.rows).toHaveLength(FULL + 1);
    expect(compact.rows[0]).toHaveLength(3);
    expect(viewer.take('changes')).toEqual([]);

    await leave(node, 7);
    await node.clock.advance(200);
    expect(viewer.take('changes')).toEqual([]);
    await node.clock.advance(400);
    expect(viewer.take('changes')).toMatchObject([
      { room: 'hall', count: FULL, presences: [['u7', 'gone', expect.any(Number)]] },
    ]);

    const most = FULL * 0.9;
    for (let index = 8; index < 8 + FULL - most; index += 1) await leave(node, index);
    await node.clock.advance(600);
    const back = snapshotOf(viewer);
    expect(back).toMatchObject({ mode: 'full', count: most });
    expect(back.rows).toHaveLength(most);
    await node.stop();
  });

  it('S13: is a number alone where it is too big, kept right', async () => {
    const node = createVirtualNode();
    await fill(node, 0, COMPACT + 1);
    const viewer = await watched(node);
    expect(snapshotOf(viewer)).toEqual({ mode: 'count', count: COMPACT + 1, rows: [], frames: 1 });
    await leave(node, 3);
    await leave(node, 4);
    await node.clock.advance(2500);
    expect(viewer.take('changes')).toMatchObject([{ count: COMPACT - 1, presences: [] }]);
    await node.stop();
  }, 60_000);
});
