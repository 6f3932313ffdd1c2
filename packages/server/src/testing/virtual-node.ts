import { presenceOf, type CompactRow, type Presence } from '@presence/core';
import { createSeededRandom, createVirtualClock, type VirtualClock } from '@presence/core/testing';
import type { ClientFrame, Row, ServerFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { createNode } from '../node.ts';
import { resolveOptions } from '../options.ts';
import { createReaper } from '../reaper.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';
import type { PresenceOptions, ResolvedPrincipal } from '../types.ts';
import type { Gateway } from '../realtime/gateway.ts';
import type { Connection, ConnectionEvents } from '../realtime/types.ts';

/** Full rows as the presences they are, for tests to read by name. Of who left a room, the row as it is. */
type Told<Frame> = Frame extends { readonly presences: unknown }
  ? Omit<Frame, 'presences'> & { readonly presences: readonly (Presence | CompactRow)[] }
  : Frame;

export type ToldFrame = Told<ServerFrame>;

/** One client on a virtual connection. What it got stays in `frames` until it is taken. */
export interface VirtualClient {
  readonly frames: ToldFrame[];
  /** The very texts, for comparing what was shared. */
  readonly texts: string[];
  readonly events: ConnectionEvents;
  readonly pings: string[];
  closed: { readonly code: number; readonly reason: string } | null;
  /** Answers pings, as every peer does; switched off, the link is a black hole. */
  answers: boolean;
  send(frame: ClientFrame): void;
  /** Frames of one type, taken out. */
  take<Type extends ToldFrame['type']>(type: Type): Extract<ToldFrame, { type: Type }>[];
}

export interface VirtualNode {
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  readonly node: Node;
  readonly store: PresenceStore;
  startDraining(): void;
  connect(): VirtualClient;
  ticket(userId: string, more?: Partial<ResolvedPrincipal>): string;
  /** Connected, welcomed, with `me` taken. */
  join(userId: string, sessionId?: string): Promise<VirtualClient & { sessionId: string }>;
  stop(): Promise<void>;
}

const toldBy = (text: string): ToldFrame => {
  const frame = JSON.parse(text) as ServerFrame;
  if (!('presences' in frame)) return frame;
  const presences = (frame.presences as readonly Row[]).map((row) =>
    row.length === 3 ? row : presenceOf(row),
  );
  return { ...frame, presences };
};

const createClient = (accept: (connection: Connection) => ConnectionEvents): VirtualClient => {
  let answerPing = (marker: string): void => void marker;
  const client = {
    frames: [] as ToldFrame[],
    texts: [] as string[],
    pings: [] as string[],
    closed: null as VirtualClient['closed'],
    answers: true,
  };
  const events = accept({
    isWritable: true,
    write: ({ text }) => {
      client.texts.push(text);
      client.frames.push(toldBy(text));
    },
    ping: (marker) => {
      client.pings.push(marker);
      if (client.answers) queueMicrotask(() => answerPing(marker));
    },
    pong: () => undefined,
    close: (code, reason) => {
      client.closed ??= { code, reason };
    },
    terminate: () => {
      client.closed ??= { code: 1006, reason: '' };
    },
  });
  answerPing = (marker) => events.pong(marker);
  return Object.assign(client, {
    events,
    send: (frame: ClientFrame) => events.message(JSON.stringify(frame)),
    take: <Type extends ToldFrame['type']>(type: Type) => {
      const taken = client.frames.filter((frame) => frame.type === type);
      client.frames.splice(
        0,
        client.frames.length,
        ...client.frames.filter((frame) => frame.type !== type),
      );
      return taken as Extract<ToldFrame, { type: Type }>[];
    },
  });
};

/** A node on virtual time; several may share one clock and one store. */
export const createVirtualNode = (
  options: Partial<PresenceOptions> & {
    readonly clock?: VirtualClock;
    readonly seed?: number;
  } = {},
): VirtualNode => {
  const { clock = createVirtualClock(), seed = 1, store, ...given } = options;
  const random = createSeededRandom(seed);
  const shared = store ?? memoryStore({ clock });
  const resolved = resolveOptions({
    authenticate: () => null,
    security: { secret: 'a secret for tests that is long enough' },
    ...given,
    store: shared,
    testing: { clock, random },
  });
  const { node, gateway, startDraining } = createNode(resolved, {
    onCommit: () => undefined,
    audit: () => undefined,
    reap: () => Promise.resolve(0),
  });
  const { engine } = node;
  const reaper = createReaper({
    engine,
    clock,
    logger: resolved.logger,
    everyMs: 1000,
    onCrowd: node.feed.reread,
  });
  const connect = (): VirtualClient => createClient(gateway.accept);
  const ticket: VirtualNode['ticket'] = (userId, more = {}) =>
    node.tickets.issue({ tenant: 'default', userId, ...more }).ticket;
  return {
    clock,
    gateway,
    node: node as Node,
    store: shared,
    startDraining,
    connect,
    ticket,
    join: async (userId, sessionId) => {
      const client = connect();
      client.send({
        type: 'hello',
        protocol: 1,
        ticket: ticket(userId),
        ...(sessionId !== undefined && { sessionId }),
      });
      await clock.advance(0);
      await clock.advance(0);
      const [welcome] = client.take('welcome');
      if (!welcome) throw new Error(`no welcome: ${JSON.stringify(client)}`);
      client.take('me');
      return Object.assign(client, { sessionId: welcome.sessionId });
    },
    stop: async () => {
      reaper.stop();
      node.nodeLease.stop();
      await gateway.close();
      await node.feed.close();
    },
  };
};
