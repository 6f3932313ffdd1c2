import type { Watch } from './audience.ts';
import type { Link } from './link.ts';

/*
 * The watches of a link, oldest first. Each points to the next one: almost every link has one, and an
 * array for it would take as much again.
 */

export const watchesOf = ({ watch }: Link): readonly Watch[] => {
  const watches: Watch[] = [];
  for (let one = watch; one !== null; one = one.next) watches.push(one);
  return watches;
};

export const watchCalled = ({ watch }: Link, id: string): Watch | undefined => {
  for (let one = watch; one !== null; one = one.next) if (one.id === id) return one;
  return undefined;
};

export const isWatched = (watch: Watch): boolean => {
  for (let one = watch.link.watch; one !== null; one = one.next) if (one === watch) return true;
  return false;
};

export const hasOneWatch = ({ watch }: Link): boolean => watch !== null && watch.next === null;

export const addWatch = (watch: Watch): void => {
  const { link } = watch;
  const last = watchesOf(link).at(-1);
  if (last) last.next = watch;
  else link.watch = watch;
};

export const removeWatch = (watch: Watch): void => {
  const { link } = watch;
  const left = watchesOf(link).filter((one) => one !== watch);
  link.watch = left[0] ?? null;
  for (const [index, one] of left.entries()) one.next = left[index + 1] ?? null;
};
