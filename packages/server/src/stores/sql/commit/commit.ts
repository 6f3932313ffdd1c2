import type { Instant, Write } from '@presence/core';
import type { Committed, PresenceStore } from '../../store.ts';
import { createGather } from '../../shared/gather.ts';
import { inPieces } from '../../shared/pieces.ts';
import type { Loads } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import { noChanges, noteWrite } from './changes.ts';
import { refusalOf } from './judge.ts';
import { putChanges } from './put.ts';
import { askedOf, findLocked, type Asked } from './stored.ts';

/**
 * Writes of one transaction, and transactions under way at once. Larger ones make others wait for their rows, and the counter of
 * a tenant's feed lets one at a time through. Where there is one writer, one transaction costs less than two.
 */
const BOUNDS = Object.freeze({
  manyWriters: { most: 100, atOnce: 2 },
  oneWriter: { most: 200, atOnce: 1 },
});

interface Result {
  readonly at: Instant;
  readonly result: Committed;
}

type Verdict = { readonly at: Instant; readonly reason: ReturnType<typeof refusalOf> };

/** Writes of one user come one after the other; everything else travels together. */
const inTurns = (writes: readonly Asked[]): Asked[][] => {
  const turns: Asked[][] = [];
  const times = new Map<string, number>();
  for (const asked of writes) {
    const turn = times.get(asked.name) ?? 0;
    times.set(asked.name, turn + 1);
    (turns[turn] ??= []).push(asked);
  }
  return turns;
};

/** A write was judged in time, and waited for others until it was not. */
class Waited extends Error {}

/** Takes everything back where a write that was accepted is not valid any more. */
const checkInTime = (
  asked: readonly Asked[],
  verdicts: readonly Verdict[],
  doneAt: Instant | null,
): void => {
  const isLate = asked.some(
    ({ write: { validUntil } }, index) =>
      verdicts[index]!.reason === null &&
      validUntil !== null &&
      doneAt !== null &&
      doneAt >= validUntil,
  );
  if (isLate) throw new Waited();
};

interface Around {
  readonly loads: Loads;
  onCommit(): void;
  /** Whether steps are written down in the transaction that makes them. */
  keepsHistory(): boolean;
}

/** Makes writes of different users in one transaction, or says why not. */
const createTurn = (parts: Parts, ready: Ready, { loads, onCommit, keepsHistory }: Around) => {
  const { db, dialect, texts } = parts;

  const tryOnce = (asked: readonly Asked[]) =>
    ready.judged(() =>
      dialect.transaction(db, async (tx): Promise<Verdict[] | null | 'pulse-old'> => {
        const found = await findLocked(parts, tx, asked);
        if (found === null) return null;
        const { at, isOld } = found.now;
        if (isOld) return 'pulse-old';
        const verdicts = asked.map((each) => ({ at, reason: refusalOf(found, each) }));
        const changes = noChanges();
        asked.forEach((each, index) => {
          if (verdicts[index]!.reason === null) noteWrite(changes, found, each, texts.in);
        });
        const kept = keepsHistory() ? changes : { ...changes, steps: [] };
        checkInTime(asked, verdicts, await putChanges(parts, tx, kept));
        return verdicts;
      }),
    );

  /** Judged again, what waited too long is late. */
  const transact = async (asked: readonly Asked[]): Promise<Verdict[]> => {
    for (;;) {
      try {
        return await tryOnce(asked);
      } catch (error) {
        if (!(error instanceof Waited)) throw error;
      }
    }
  };

  const withCurrent = async (asked: readonly Asked[], verdicts: readonly Verdict[]) => {
    const refused = asked.filter((_, index) => verdicts[index]!.reason !== null);
    const current = new Map(
      (await loads.settled(refused.map(({ write }) => write.key))).map(({ loaded }, index) => [
        refused[index]!.name,
        loaded,
      ]),
    );
    return asked.map((each, index): Result => {
      const { at, reason } = verdicts[index]!;
      if (reason === null) return { at, result: { ok: true } };
      return { at, result: { ok: false, reason, current: current.get(each.name)! } };
    });
  };

  return async (asked: readonly Asked[]): Promise<Result[]> => {
    const verdicts = await transact(asked);
    if (verdicts.some(({ reason }) => reason === null)) onCommit();
    return verdicts.every(({ reason }) => reason === null)
      ? verdicts.map(({ at }) => ({ at, result: { ok: true } }))
      : withCurrent(asked, verdicts);
  };
};

export const createCommit = (
  parts: Parts,
  ready: Ready,
  around: Around,
): PresenceStore['commit'] => {
  const { attempts } = parts;
  const { loads } = around;
  const commitTurn = createTurn(parts, ready, around);

  const commitAll = async (writes: readonly Write[]): Promise<Result[]> => {
    const asked = writes.map((write) => askedOf(parts, write));
    const results = new Map<Asked, Result>();
    for (const turn of inTurns(asked)) {
      const answers = await commitTurn(turn);
      turn.forEach((each, index) => results.set(each, answers[index]!));
    }
    return asked.map((each) => results.get(each)!);
  };

  const bounds = BOUNDS[parts.dialect.locksRows ? 'manyWriters' : 'oneWriter'];
  const gather = createGather<Write, Result[]>({ ...bounds, send: commitAll });

  const commitPiece = async (writes: readonly Write[]): Promise<Result[]> => {
    const { answer, from } = await gather(writes);
    return answer.slice(from, from + writes.length);
  };

  return (writes) =>
    attempts(async () => {
      if (writes.length === 0) return { at: (await loads.load([])).at, results: [] };
      const pieces = await Promise.all(inPieces(writes, bounds.most).map(commitPiece));
      const results = pieces.flat();
      return {
        at: Math.min(...results.map(({ at }) => at)),
        results: results.map(({ result }) => result),
        instants: results.map(({ at }) => at),
      };
    });
};
