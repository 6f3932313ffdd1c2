import type { Presence } from '@presence/core';
import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

export const lastSeen: Property = {
  id: 'S16',
  title: 'lastSeenAt and lastActiveAt never go back and are never in the future',
  watch: ({ people, truth, world, violate }) => {
    const latest = new Map<string, number>();
    const check = (who: string, name: 'lastSeenAt' | 'lastActiveAt', shown: Presence): void => {
      const at = shown[name] ?? null;
      if (at === null) return;
      const text = `${who} ${name}`;
      const before = latest.get(text) ?? 0;
      if (at < before) violate('S16', `${text} went back by ${before - at} ms`);
      if (at > world.clock.now()) violate('S16', `${text} is ${at - world.clock.now()} ms ahead`);
      latest.set(text, Math.max(before, at));
    };
    return {
      started: () => latest.clear(),
      step: () => {
        for (const person of people) {
          const reading = truth.now(person);
          if (!reading) continue;
          for (const view of ['public', 'own'] as const) {
            const shown = reading[view];
            const who = `${nameOf(person)} (${view})`;
            check(who, 'lastActiveAt', shown);
            check(who, 'lastSeenAt', shown);
            if (shown.status !== 'offline' && shown.lastSeenAt !== null) {
              violate('S16', `${who} is ${shown.status} and has a lastSeenAt`);
            }
          }
        }
      },
    };
  },
};
