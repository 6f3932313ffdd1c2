import type { ShownStatus } from '@presence/client';
import type { NodeState } from '../node-process.ts';

export const STATUS_WORDS: Readonly<Record<ShownStatus, string>> = {
  online: 'online',
  away: 'away',
  busy: 'busy',
  dnd: 'do not disturb',
  offline: 'offline',
  unknown: 'not known',
};

export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  starting: 'Starting',
  running: 'Running',
  draining: 'Draining',
  stopped: 'Stopped',
  killed: 'Killed',
};

/** How a state looks: colours are not the only sign, the word stands beside. */
export const STATE_TONES: Readonly<Record<NodeState, 'good' | 'waiting' | 'bad' | 'plain'>> = {
  starting: 'waiting',
  running: 'good',
  draining: 'waiting',
  stopped: 'plain',
  killed: 'bad',
};

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** "14:03:22". */
export const timeOf = (at: number): string => TIME.format(at);
