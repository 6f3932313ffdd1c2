import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Clock, Instant } from '@presence/core';
import type { FromNode } from './messages.ts';

/** How a node is. `killed`: it ended otherwise than by draining. */
export type NodeState = 'starting' | 'running' | 'draining' | 'stopped' | 'killed';

/** One node, as the page shows it. */
export interface NodeCard {
  readonly id: number;
  readonly state: NodeState;
  readonly version: number;
  readonly pid: number | null;
  readonly port: number | null;
  /** When it came into this state. */
  readonly since: Instant;
  /** Until when at most its users count, although it is gone. */
  readonly countsUntil: Instant | null;
}

export interface NodeEvents {
  /** A card changed; `before` is how it was. */
  changed(card: NodeCard, before: NodeCard): void;
  /** A node committed a change of somebody's presence. */
  presence(userId: string, status: Extract<FromNode, { type: 'change' }>['status']): void;
}

interface NodeParts extends NodeEvents {
  readonly id: number;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** One node: what the buttons of its card do. */
export interface NodeProcess {
  card(): NodeCard;
  /** Resolves when it answers. Nothing happens while it runs. */
  start(version?: number): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** SIGTERM: it drains, and ends. */
  drain(): Promise<void>;
}

const program = fileURLToPath(new URL('./node.ts', import.meta.url));

/** Starts nothing yet. */
export const createNodeProcess = (parts: NodeParts): NodeProcess => {
  const { id, clock, env, changed, presence } = parts;
  const begin = { version: 1, pid: null, port: null, since: clock.now(), countsUntil: null };
  let card: NodeCard = { id, state: 'stopped', ...begin };
  let child: ChildProcess | null = null;
  let leaseMs = 0;
  let drainMs = 0;

  const become = (state: NodeState, more: Partial<NodeCard> = {}): void => {
    const before = card;
    card = { ...before, since: clock.now(), ...more, state };
    changed(card, before);
  };

  const ended = (code: number | null): void => {
    child = null;
    // Whoever drained has the longer grace; a node that is terminated from elsewhere drains as well.
    const drained = card.state === 'draining' ? card.countsUntil : null;
    const countsUntil = drained ?? clock.now() + (code === 0 ? drainMs : leaseMs);
    become(code === 0 ? 'stopped' : 'killed', { pid: null, port: null, countsUntil });
  };

  const take = (message: FromNode): void => {
    if (message.type === 'change') return presence(message.userId, message.status);
    leaseMs = message.nodeLeaseMs;
    drainMs = message.drainMs;
    become('running', { port: message.port });
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };

  return {
    card: () => card,
    start: async (version = card.version) => {
      if (child) return;
      const started = fork(program, {
        env: { ...process.env, ...env, PORT: '0', APP_VERSION: String(version) },
      });
      child = started;
      become('starting', { version, pid: started.pid ?? null, countsUntil: null });
      const over = new AbortController();
      started.on('message', (message) => take(message as FromNode));
      started.once('exit', (code) => {
        over.abort();
        ended(code);
      });
      await once(started, 'message', { signal: over.signal }).catch(() => undefined);
    },
    kill: () => end('SIGKILL'),
    drain: async () => {
      if (card.state !== 'running') return;
      become('draining', { countsUntil: clock.now() + drainMs });
      await end('SIGTERM');
    },
  };
};
