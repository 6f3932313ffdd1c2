import type { Command, Session } from '@presence/core';
import type { Done, TestEngine } from '../test-engine.ts';
import { keyOf } from '../writes.ts';

export const ADA = keyOf('ada');

export const openHttp = (sessionId: string, ownForMs: number, resume = false): Command => ({
  type: 'open',
  sessionId,
  resume,
  lease: { ownForMs },
  device: null,
  idleMs: null,
});

export const openOn = (engine: TestEngine, sessionId: string): Command => ({
  type: 'open',
  sessionId,
  resume: false,
  lease: { shared: engine.lease },
  device: null,
  idleMs: null,
});

export const claim = (status: 'busy' | 'dnd', forMs: number, source = 'user'): Command => ({
  type: 'claim',
  source,
  status,
  forMs,
});

export const sessionOf = ({ applied }: Done): Session => {
  if (!applied.ok || !applied.session) throw new Error('The session was not opened.');
  return applied.session;
};

export const statusOf = async (engine: TestEngine, key = ADA): Promise<string> =>
  (await engine.read([key]))[0]?.record?.public.status ?? 'offline';
