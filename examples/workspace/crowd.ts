import type { Cancel, Clock, Status } from '@presence/core';
import type { TenantPresence } from '@presence/server';
import type { Member } from './organisations.ts';

const FIRST =
  'Amara Benedikt Carmen Dario Elif Fatou Gustav Hana Ilse Jamal Katya Leo Marta Nils Oona Pavel Rosa Sami Tilda Umar'.split(
    ' ',
  );
const LAST =
  'Abara Bianchi Castro Dahl Egger Farah Gomez Holm Ivanov Jung Keller Lopes Mbeki Nowak Olsen Perez Quist Ribeiro Sato Traore Ueda Vos Weiss Yilmaz Zeman'.split(
    ' ',
  );
const TITLES =
  'Sales Support Engineering Design Finance Logistics Legal People Research Operations'.split(' ');
const PLACES = 'Lyon Lagos Osaka Berlin Porto Milan Oslo Kochi'.split(' ');

/** Neighbours in the alphabet are not all alike. */
const STATUSES: readonly Status[] = ['online', 'offline', 'busy', 'offline', 'away'];

/** How somebody of the crowd is, by their place in it. */
export const crowdStatus = (index: number): Status =>
  STATUSES[(index + Math.floor(index / FIRST.length)) % STATUSES.length] ?? 'offline';

const at = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

const nameOf = (index: number): string => {
  const turn = Math.floor(index / FIRST.length);
  const initial = String.fromCharCode(65 + (Math.floor(turn / LAST.length) % 26));
  return `${at(FIRST, index)} ${initial}. ${at(LAST, turn)}`;
};

const person = (index: number): Member => ({
  id: `p${String(index).padStart(5, '0')}`,
  name: nameOf(index),
  title: at(TITLES, index + Math.floor(index / 7)),
  place: at(PLACES, Math.floor(index / 3)),
  hue: (index * 47) % 360,
  isPlayed: true,
});

/** Many people more, so that a directory is as long as that of a large organisation. */
export const crowdOf = (count: number): Member[] =>
  Array.from({ length: count }, (_, index) => person(index));

const AT_ONCE = 200;

const inTurns = async (ids: readonly string[], task: (id: string) => Promise<unknown>) => {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await Promise.all(ids.slice(from, from + AT_ONCE).map(task));
  }
};

interface CrowdOptions {
  readonly presence: Pick<TenantPresence, 'signIn' | 'claim'>;
  readonly crowd: readonly Member[];
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Three fifths of the crowd are there, some of them busy or away, until the returned function is called. */
export const seatCrowd = async (options: CrowdOptions): Promise<Cancel> => {
  const { presence, crowd, leaseMs, clock, onError } = options;
  const statusOf = new Map(crowd.map(({ id }, index) => [id, crowdStatus(index)]));
  const here = [...statusOf].filter(([, status]) => status !== 'offline').map(([id]) => id);
  await inTurns(here, async (id) => {
    await presence.signIn(id);
    const status = statusOf.get(id);
    if (status && status !== 'online') await presence.claim(id, status);
  });
  return clock.every(leaseMs / 3, () => {
    inTurns(here, presence.signIn).catch(onError);
  });
};
