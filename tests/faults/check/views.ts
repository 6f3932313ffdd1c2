import type { Fault, History, Moment, Told, Watching } from '../history/history.ts';
import { AGREED_MS } from './bounds.ts';
import { lagAround } from './lag.ts';
import type { Span } from './spans.ts';
import type { Truth } from './truth.ts';
import type { Report } from './violations.ts';

/** L1: what is so is pushed within a second, and the window in which changes travel together. */
const PUSHED_MS = 1100;
/** While a crowd comes in, the window stretches to a second. */
const CROWD_MS = 1000;

/** What a watcher shows of a user from one moment to another. */
interface Shown extends Span {
  readonly told: Told;
}

interface Stretch extends Span {
  readonly wanted: 'online' | 'offline';
}

/** What is shown of each user, one after the other. */
const shownBy = ({ told, until }: Watching, endedAt: Moment): Map<number, Shown[]> => {
  const shown = new Map<number, Shown[]>();
  const end = Math.min(until, endedAt);
  for (const each of told) {
    let pieces = shown.get(each.user);
    if (!pieces) shown.set(each.user, (pieces = []));
    const last = pieces.at(-1);
    if (last) pieces[pieces.length - 1] = { ...last, to: each.at };
    pieces.push({ told: each, from: each.at, to: end });
  }
  return shown;
};

const stretchesOf = ({ online, offline }: Truth): Stretch[] => [
  ...online.map((span): Stretch => ({ ...span, wanted: 'online' })),
  ...offline.map((span): Stretch => ({ ...span, wanted: 'offline' })),
];

const isNear = ({ from, until }: Fault, at: Moment): boolean =>
  from <= at + PUSHED_MS && at <= until + AGREED_MS;

/** Until when a watcher may show what was so before `at`. */
const excusedUntil = (history: History, { from: at, wanted }: Stretch): Moment => {
  const plain = at + PUSHED_MS + (wanted === 'online' ? CROWD_MS : 0);
  let until = plain + lagAround(history, at);
  for (const fault of history.faults) {
    if (isNear(fault, at)) until = Math.max(until, fault.until + AGREED_MS);
  }
  return until;
};

/** Something wrong that a watcher showed. */
export interface Wrong extends Span {
  readonly watching: Watching;
  readonly told: Told;
  readonly wanted: 'online' | 'offline';
  /** Until when it was excused. */
  readonly excused: Moment;
}

/** Every moment at which a watcher showed something else than what was so, excused or not. */
export const wrongViews = (history: History, truth: readonly Truth[]): Wrong[] => {
  const found: Wrong[] = [];
  const stretches = truth.map((each) =>
    stretchesOf(each).map((stretch) => ({ stretch, excused: excusedUntil(history, stretch) })),
  );
  for (const watching of history.watchings) {
    for (const [user, pieces] of shownBy(watching, history.endedAt)) {
      for (const { stretch, excused } of stretches[user]!) {
        for (const { told, from, to } of pieces) {
          const isOnline = told.status !== 'offline';
          if (isOnline === (stretch.wanted === 'online')) continue;
          const wrong = { from: Math.max(from, stretch.from), to: Math.min(to, stretch.to) };
          if (wrong.from >= wrong.to) continue;
          found.push({ ...wrong, watching, told, wanted: stretch.wanted, excused });
        }
      }
    }
  }
  return found;
};

/** Nobody is shown online who is gone, nobody offline who is there: S2, L1, L4. */
export const checkViews = (history: History, wrongs: readonly Wrong[], report: Report): void => {
  for (const { watching, told, wanted, from, to, excused } of wrongs) {
    if (to <= Math.max(excused, history.calmAt) && told.at <= excused) continue;
    const { node, watcher } = watching;
    const after = from - history.startedAt;
    const where = `watcher ${watcher} on ${node} from ${after} ms after the start, for ${to - from} ms`;
    const what = `user ${told.user} as ${told.status} (v${told.version}, ${told.via})`;
    const isNews = told.at > excused;
    if (wanted === 'online') report(isNews ? 'S2' : 'L4', `${what} though connected: ${where}`);
    else report(isNews ? 'S1' : 'L1', `${what} though gone: ${where}`);
  }
};
