import type { Clock } from '@presence/core';
import { createJournal, type Journal } from './journal.ts';
import type { NodeEvents } from './node-process.ts';
import { visitorOf, type Person } from './people.ts';
import { createPlaces, type Places } from './places.ts';

/** Who is where, and what happened: everything that nodes and the proxy tell comes together here. */
export interface Story extends NodeEvents {
  /** Somebody has a socket at a node. */
  opened(userId: string, node: number): void;
  closed(userId: string, node: number): void;
  /** Everybody whom this example plays, and the visitors who came and have not gone. */
  people(): readonly Person[];
  /** `null`: nobody may call themselves that. */
  personOf(userId: string): Person | null;
  readonly places: Places;
  readonly journal: Journal;
}

interface StoryParts {
  readonly clock: Clock;
  /** Whom this example plays. */
  readonly simulated: readonly Person[];
  onChange(): void;
}

/** Visitors who came and have not gone. */
const createVisitors = (say: Journal['say']) => {
  const visitors = new Map<string, Person>();
  return {
    came: (userId: string, node: number): void => {
      const person = visitorOf(userId);
      if (!person || visitors.has(userId)) return;
      visitors.set(userId, person);
      say(`${person.name} came in`, `On node ${node}.`);
    },
    went: (userId: string): void => void visitors.delete(userId),
    all: () => [...visitors.values()],
  };
};

/** Tells the journal what becomes of a node. */
const createTeller =
  (journal: Journal, places: Places, clock: Clock): NodeEvents['changed'] =>
  ({ id, state, version, countsUntil }, before) => {
    if (state === 'running') journal.say(`Node ${id} runs version ${version}`);
    const isGone = state === 'killed' || state === 'stopped';
    if (state !== 'draining' && (!isGone || before.state === 'draining')) return;
    const how = state === 'killed' ? 'killed' : 'drained';
    journal.gone(id, how, places.on(id), countsUntil ?? clock.now());
  };

export const createStory = ({ clock, simulated, onChange }: StoryParts): Story => {
  const personOf: Story['personOf'] = (userId) =>
    simulated.find(({ id }) => id === userId) ?? visitorOf(userId);
  const nameOf = (userId: string): string => personOf(userId)?.name ?? userId;
  const journal = createJournal({ clock, nameOf, onChange });
  const places = createPlaces();
  const visitors = createVisitors(journal.say);
  const tell = createTeller(journal, places, clock);
  return {
    changed: (card, before) => {
      tell(card, before);
      onChange();
    },
    presence: (userId, status) => {
      if (status !== 'offline') return;
      journal.offline(userId);
      places.forget(userId);
      visitors.went(userId);
      onChange();
    },
    opened: (userId, node) => {
      visitors.came(userId, node);
      places.opened(userId, node);
      journal.arrived(userId, node);
      onChange();
    },
    closed: (userId, node) => {
      places.closed(userId, node);
      onChange();
    },
    people: () => [...simulated, ...visitors.all()],
    personOf,
    places,
    journal,
  };
};
