import type { Cancel, Clock, Instant } from '@presence/core';
import { isSettled, told, type Incident, type Told } from './incident.ts';

/** One thing that happened, in words. Its detail grows while people come back. */
export interface Entry extends Told {
  readonly id: number;
  readonly at: Instant;
  readonly title: string;
}

/** What happens to nodes and people, told as it goes on. */
export interface Journal {
  /** Newest first. */
  entries(): readonly Entry[];
  /** How often somebody who had not left was seen leaving, since the start. */
  seenLeaving(): number;
  say(title: string, detail?: string): void;
  /** A node is gone, or going, with these people on it; they count until then at most. */
  gone(node: number, how: 'killed' | 'drained', userIds: readonly string[], until: Instant): void;
  /** Somebody has a socket at a node. */
  arrived(userId: string, node: number): void;
  /** A node committed that somebody is offline. */
  offline(userId: string): void;
  close(): void;
}

interface JournalParts {
  readonly clock: Clock;
  nameOf(userId: string): string;
  onChange(): void;
}

const KEPT = 50;
/** A commit at the very end is told a moment later. */
const TOLD_MS = 2500;

const TITLES = {
  killed: (node: number) => `Node ${node} was killed`,
  drained: (node: number) => `Node ${node} drains`,
};

/** What was said, newest first. */
const createPages = (clock: Clock, onChange: () => void) => {
  let entries: readonly Entry[] = [];
  let nextId = 1;
  return {
    entries: () => entries,
    add: (entry: Omit<Entry, 'id' | 'at'>): number => {
      entries = [{ id: nextId, at: clock.now(), ...entry }, ...entries].slice(0, KEPT);
      onChange();
      return nextId++;
    },
    correct: (id: number, now: Told): void => {
      entries = entries.map((entry) => (entry.id === id ? { ...entry, ...now } : entry));
      onChange();
    },
  };
};

/** An incident with its entry, which is looked at until it is over. */
interface Open extends Incident {
  readonly entryId: number;
  readonly cancel: Cancel;
}

export const createJournal = ({ clock, nameOf, onChange }: JournalParts): Journal => {
  const { entries, add, correct } = createPages(clock, onChange);
  const open = new Set<Open>();
  let wronged = 0;

  const look = (incident: Open): void => {
    correct(incident.entryId, told(incident));
    const { missing, until } = incident;
    if (!isSettled(incident) || (missing.size > 0 && clock.now() < until + TOLD_MS)) return;
    incident.cancel();
    open.delete(incident);
  };

  const begin = (how: Incident['how'], userIds: readonly string[], until: Instant) => ({
    how,
    since: clock.now(),
    until,
    missing: new Set(userIds),
    back: new Map<number, number>(),
    left: new Set<string>(),
    lastBackAt: clock.now(),
  });

  return {
    entries,
    seenLeaving: () => wronged,
    say: (title, detail = '') => void add({ tone: 'plain', title, detail }),
    gone: (node, how, userIds, until) => {
      const incident: Open = {
        ...begin(how, userIds, until),
        entryId: add({ tone: 'waiting', title: TITLES[how](node), detail: '' }),
        cancel: clock.every(TOLD_MS, () => look(incident)),
      };
      open.add(incident);
      look(incident);
    },
    arrived: (userId, node) => {
      for (const incident of open) {
        if (!incident.missing.delete(userId)) continue;
        if (incident.left.has(userId)) wronged += 1;
        incident.lastBackAt = clock.now();
        incident.back.set(node, (incident.back.get(node) ?? 0) + 1);
        look(incident);
      }
    },
    offline: (userId) => {
      const waitedFor = [...open].filter(({ missing }) => missing.has(userId));
      for (const incident of waitedFor) incident.left.add(userId);
      if (waitedFor.length === 0) {
        add({ tone: 'plain', title: `${nameOf(userId)} went offline`, detail: '' });
      }
    },
    close: () => {
      for (const incident of open) incident.cancel();
      open.clear();
    },
  };
};
