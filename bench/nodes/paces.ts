import { wait } from '../sides.ts';
import type { Players } from './changes.ts';

const sameAgain = async (count: () => number): Promise<void> => {
  for (let before = -1; count() !== before; await wait(300)) before = count();
};

/** One change after the other, each when the last one has long been told. */
export const changeAlone = async (
  players: Players,
  changes: number,
  users: number,
): Promise<number[]> => {
  players.taken();
  for (let change = 0; change < changes; change += 1) {
    players.change((change * 7) % users);
    // Not in step with any window.
    await wait(150 + Math.random() * 50);
  }
  return players.taken();
};

const STEP_MS = 5;

/** So many a second, each of these users in turn. */
export const changeAtRate = async (
  players: Players,
  perSecond: number,
  seconds: number,
  { first, count }: { readonly first: number; readonly count: number },
) => {
  players.taken();
  const before = players.traffic();
  const startedAt = performance.now();
  let sent = 0;
  for (;;) {
    const elapsed = performance.now() - startedAt;
    const due = Math.min(elapsed, seconds * 1000) * (perSecond / 1000);
    for (; sent < due; sent += 1) players.change(first + (sent % count));
    if (elapsed >= seconds * 1000) break;
    await wait(STEP_MS);
  }
  const taken: number[] = [];
  await sameAgain(() => {
    taken.push(...players.taken());
    return taken.length;
  });
  const { frames, bytes } = players.traffic();
  return {
    many: taken,
    perSecond: sent / seconds,
    frames: frames - before.frames,
    bytes: bytes - before.bytes,
  };
};
