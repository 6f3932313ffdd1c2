import type { Member } from '../organisations.ts';

type Facts = readonly [id: string, name: string, title: string, place: string, hue: number];

const memberOf =
  (isPlayed: boolean) =>
  (...[id, name, title, place, hue]: Facts): Member => ({ id, name, title, place, hue, isPlayed });

/** Somebody whom a visitor can be. */
export const member = memberOf(false);

/** Somebody whom the server plays. */
export const played = memberOf(true);
