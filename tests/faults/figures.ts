import { AGREED_MS } from './check/bounds.ts';
import { wrongViews } from './check/views.ts';
import { truths } from './check/truth.ts';
import type { History, UserEvent } from './history/history.ts';

/** What a run showed, for people. */
export interface Figures {
  readonly users: number;
  readonly reads: number;
  readonly rowsRead: number;
  readonly rowsTold: number;
  /** From what broke first to the first and the last row that told somebody offline since. */
  readonly firstOfflineMs: number | null;
  readonly lastOfflineMs: number | null;
  readonly wentOffline: number;
  /** From when all was mended to when all watchers were right; 0: they were right before. */
  readonly agreedMs: number;
  /** Sockets that were closed on somebody who came back. */
  readonly linksLost: number;
  /** Rows wrong at the end: shown online and gone, shown offline and there. */
  readonly ghosts: number;
  readonly missing: number;
  /** The longest that a process stood still: how busy the machine was. */
  readonly lagMs: number;
}

const linksLostBy = (events: readonly UserEvent[], since: number): number =>
  events.filter(
    (event, place) =>
      event.kind === 'ended' && event.how === 'lost' && event.at >= since && events[place + 1],
  ).length;

export const figuresOf = (history: History, brokenAt: number, mendedAt: number): Figures => {
  const wrongs = wrongViews(history, truths(history));
  const atEnd = wrongs.filter(
    ({ watching, to }) => to >= Math.min(watching.until, history.endedAt),
  );
  const stillThere = atEnd.filter(({ watching }) => watching.until === Infinity);
  const told = history.watchings.flatMap((watching) => watching.told);
  const offline = told.filter(
    ({ status, version, at, via }) =>
      status === 'offline' && version !== null && via === 'changes' && at >= brokenAt,
  );
  const after = offline.map(({ at }) => at - brokenAt).sort((a, b) => a - b);
  const late = wrongs
    .filter(({ to }) => to < mendedAt + 10 * AGREED_MS && to > mendedAt && to < history.endedAt)
    .map(({ to }) => to - mendedAt);
  return {
    users: history.users,
    reads: history.reads.length + history.counts.length,
    rowsRead: history.reads.reduce((sum, { rows }) => sum + rows.length, 0),
    rowsTold: told.length,
    firstOfflineMs: after[0] ?? null,
    lastOfflineMs: after.at(-1) ?? null,
    wentOffline: new Set(offline.map(({ user }) => user)).size,
    agreedMs: Math.max(0, ...late),
    linksLost: history.events.reduce((sum, events) => sum + linksLostBy(events, brokenAt), 0),
    ghosts: stillThere.filter(({ wanted }) => wanted === 'offline').length,
    missing: stillThere.filter(({ wanted }) => wanted === 'online').length,
    lagMs: Math.max(0, ...history.lags.map(({ ms }) => ms)),
  };
};
