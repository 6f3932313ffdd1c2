import type { Instant, PresenceRecord, View } from '@presence/core';
import { equal, ok } from 'node:assert/strict';

/** Everything that anybody was ever shown, to see that nothing is told in two ways or taken back. */
export interface Versions {
  /** A reader is shown `record`: the newest there is. */
  read(user: string, record: PresenceRecord | null, at: Instant): void;
  /** A subscriber is: perhaps late, but never otherwise. */
  heard(user: string, record: PresenceRecord | null): void;
}

interface Shown {
  last: number;
  lastSeenAt: Instant;
  readonly contents: Map<number, string>;
}

export const createVersions = (): Versions => {
  const shown = new Map<string, Shown>();

  const shownOf = (who: string): Shown => {
    const known = shown.get(who) ?? { last: 0, lastSeenAt: 0, contents: new Map<number, string>() };
    shown.set(who, known);
    return known;
  };

  const tell = (who: string, { contents }: Shown, view: View): void => {
    const content = JSON.stringify(view);
    const before = contents.get(view.version) ?? content;
    equal(content, before, `S4: ${who} at version ${view.version} is told in two ways`);
    contents.set(view.version, content);
  };

  const projections = (record: PresenceRecord): readonly (readonly [string, View])[] => [
    ['public', record.public],
    ['true', record.own],
  ];

  return {
    read: (user, record, at) => {
      if (!record) return;
      for (const [projection, view] of projections(record)) {
        const who = `${user} (${projection})`;
        const known = shownOf(who);
        tell(who, known, view);
        // Forgotten after the retention: as somebody who was never seen.
        if (view.version === 0) continue;
        ok(
          view.version >= known.last,
          `S5: ${who} went back from ${known.last} to ${view.version}`,
        );
        ok((view.lastSeenAt ?? 0) <= at, `S16: ${who} was last seen in the future`);
        ok((view.lastSeenAt ?? at) >= known.lastSeenAt, `S16: last seen of ${who} went back`);
        known.last = view.version;
        known.lastSeenAt = view.lastSeenAt ?? known.lastSeenAt;
      }
    },
    heard: (user, record) => {
      if (!record) return;
      for (const [projection, view] of projections(record)) {
        const who = `${user} (${projection})`;
        tell(who, shownOf(who), view);
      }
    },
  };
};
