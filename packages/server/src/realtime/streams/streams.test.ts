import type { ServerFrame } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../stores/memory/memory-store.ts';
import { createVirtualNode, type VirtualNode } from '../../testing/virtual-node.ts';
import { UNACKED_BYTES } from '../outbox.ts';
import type { EventStream } from './event-stream.ts';

type Said = readonly [name: string, content: unknown];

/** Everything that came down the stream since this was asked last. */
const saidBy = (stream: EventStream): readonly Said[] => {
  const text = ((stream.read() as Buffer | null) ?? '').toString();
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const [, name = '', content = ''] = /^(?:event: (\w+)\n)?data: (.*)$/.exec(event) ?? [];
      return [name, JSON.parse(content)];
    });
};

const namesOf = (said: readonly Said[]): string[] =>
  said.map(([name, content]) => name || (content as ServerFrame).type);

const helloOf = (virtual: VirtualNode, userId: string) => ({
  type: 'hello',
  protocol: 1,
  ticket: virtual.ticket(userId),
});

/** A stream of somebody who was welcomed, and its name. */
const openFor = async (virtual: VirtualNode, userId: string) => {
  const { clock, node } = virtual;
  const stream = await node.streams.open({ frames: [helloOf(virtual, userId)] });
  await clock.advance(1);
  const [first, ...rest] = saidBy(stream);
  expect(namesOf(rest)).toEqual(['welcome', 'me']);
  return { stream, name: first?.[1] as string };
};

const statusOf = async ({ node }: VirtualNode, userId: string) =>
  (await node.engine.read({ tenant: 'default', userId })).record?.public.status;

describe('posts', () => {
  it('S19: are taken in order, once each, and one that is missing ends the stream', async () => {
    const virtual = createVirtualNode();
    const { clock, node } = virtual;
    const { stream, name } = await openFor(virtual, 'ada');
    const status = { type: 'status', status: 'busy', ref: 1 };
    await node.streams.post({ stream: name, seq: 1, frames: [status] });
    await node.streams.post({ stream: name, seq: 1, frames: [{ ...status, status: 'dnd' }] });
    await clock.advance(1);
    expect(namesOf(saidBy(stream))).toEqual(['taken', 'me', 'ack']);
    expect(await statusOf(virtual, 'ada')).toBe('busy');
    await node.streams.post({ stream: name, seq: 3, frames: [] });
    expect(saidBy(stream)).toEqual([['close', { code: 1013, reason: 'a post is missing' }]]);
  });

  it('are refused where they name no stream, and where a frame is larger than a socket takes', async () => {
    const virtual = createVirtualNode();
    const { node } = virtual;
    const { stream, name } = await openFor(virtual, 'ada');
    await expect(node.streams.post({ stream: `${name}x`, seq: 1 })).rejects.toThrow(
      'There is no such stream',
    );
    const frames = [{ type: 'status', status: 'busy', message: 'x'.repeat(8200) }];
    const tooLarge = { code: 'payload_too_large' };
    await expect(node.streams.post({ stream: name, seq: 1, frames })).rejects.toMatchObject(
      tooLarge,
    );
    await expect(node.streams.open({ frames })).rejects.toMatchObject(tooLarge);
    stream.destroy();
    await virtual.clock.advance(0);
    await expect(node.streams.post({ stream: name, seq: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('reach a stream by whichever node they come to', async () => {
    const clock = createVirtualClock();
    const store = { ...memoryStore({ clock }), isLocal: false };
    const [here, there] = [1, 2].map((seed) => createVirtualNode({ clock, store, seed })) as [
      VirtualNode,
      VirtualNode,
    ];
    await clock.advance(1);
    const { stream, name } = await openFor(here, 'ada');
    const frames = [{ type: 'watch', id: 'w', add: ['bob'], ref: 5 }];
    await there.node.streams.post({ stream: name, seq: 1, frames });
    await clock.advance(1);
    expect(namesOf(saidBy(stream))).toEqual(['taken', 'snapshot', 'ack']);
    await there.join('bob');
    await clock.advance(100);
    expect(namesOf(saidBy(stream))).toEqual(['changes']);
    await Promise.all([here.node.streams.close(), there.node.streams.close()]);
  });

  it('are held to the rate of a socket', async () => {
    const virtual = createVirtualNode();
    const { stream, name } = await openFor(virtual, 'ada');
    const frames = Array.from({ length: 20 }, () => ({ type: 'unwatch', id: 'w' }));
    await virtual.node.streams.post({ stream: name, seq: 1, frames });
    const said = saidBy(stream);
    expect(namesOf(said)).toEqual(['taken', 'error', 'close']);
    expect(said.at(-1)?.[1]).toEqual({ code: 4429, reason: 'rate_limited' });
  });
});

describe('a link that is a stream', () => {
  it('L1: whose pings come back unanswered is cut, and its user goes after the grace', async () => {
    const virtual = createVirtualNode();
    const { clock, node } = virtual;
    const { stream, name } = await openFor(virtual, 'ada');
    await clock.advance(25_000);
    expect(saidBy(stream)).toEqual([['ping', '']]);
    await node.streams.post({ stream: name, seq: 1, pongs: [''] });
    await clock.advance(24_000);
    expect(stream.destroyed).toBe(false);
    await clock.advance(22_000);
    expect(stream.destroyed).toBe(true);
    expect(await statusOf(virtual, 'ada')).toBe('online');
    await clock.advance(15_500);
    expect(await statusOf(virtual, 'ada')).toBe('offline');
    expect(virtual.gateway.stats()).toMatchObject({ connections: 0, sessions: 0, timers: 0 });
  });

  it('L2: whose reader goes is a link that was lost; coming back within the grace emits nothing', async () => {
    const virtual = createVirtualNode();
    const { clock } = virtual;
    const bob = await virtual.join('bob');
    bob.send({ type: 'watch', id: 'w', add: ['ada'] });
    const { stream } = await openFor(virtual, 'ada');
    await clock.advance(200);
    bob.take('changes');
    stream.destroy();
    await clock.advance(10_000);
    expect(virtual.gateway.stats()).toMatchObject({ connections: 1, sessions: 2, leaving: 1 });
    expect(bob.take('changes')).toEqual([]);
    await clock.advance(10_000);
    expect(bob.take('changes')).toMatchObject([{ presences: [{ status: 'offline' }] }]);
  });

  it('S20: owes a reader who takes nothing the latest state, and no more than a megabyte', async () => {
    const virtual = createVirtualNode();
    const { clock, node } = virtual;
    const { stream, name } = await openFor(virtual, 'ada');
    const add = Array.from({ length: 900 }, (_, index) => `user ${index} ${'x'.repeat(90)}`);
    let seq = 0;
    for (let at = 0; at < 900; at += 60) {
      seq += 1;
      const frames = [{ type: 'watch', id: 'w', add: add.slice(at, at + 60) }];
      await node.streams.post({ stream: name, seq, frames });
      await clock.advance(100);
    }
    // It is owed more than it gives back the markers of.
    for (let round = 0; round < 40; round += 1) {
      seq += 1;
      const frames = [
        { type: 'unwatch', id: 'w' },
        { type: 'watch', id: 'w', add: add.slice(0, 60) },
      ];
      await node.streams.post({ stream: name, seq, frames }).catch(() => undefined);
      await clock.advance(200);
    }
    expect(stream.readableLength).toBeLessThan(UNACKED_BYTES + 128 * 1024);
    await clock.advance(16_000);
    const last = saidBy(stream).at(-1);
    expect(last).toEqual(['close', { code: 4008, reason: 'too_slow' }]);
  });

  it('L8: is asked to come back when its node drains, and closed in time', async () => {
    const virtual = createVirtualNode();
    const { clock } = virtual;
    const { stream } = await openFor(virtual, 'ada');
    virtual.startDraining();
    const drained = virtual.gateway.drain();
    await clock.advance(0);
    expect(namesOf(saidBy(stream))).toEqual(['reconnect']);
    await clock.advance(8000);
    expect(saidBy(stream)).toEqual([['close', { code: 1012, reason: 'restart' }]]);
    await drained;
    expect(virtual.gateway.stats()).toMatchObject({ connections: 0 });
  });
});
