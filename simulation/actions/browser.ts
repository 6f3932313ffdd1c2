import { CLAIMABLE_STATUSES, type ClaimableStatus } from '@presence/core';
import { joinRoom, type BrowserUser, type Page } from '../clients/browser-user.ts';
import { nameOf } from '../clients/person.ts';
import { pick, ROOMS, type Stage } from '../stage.ts';
import type { Action } from './action.ts';
import { freshMessage } from './raw.ts';

const MOST_PAGES = 4;

const ofBrowser = (
  name: string,
  weight: number,
  act: (user: BrowserUser, stage: Stage) => string | null,
): Action => ({
  name,
  weight,
  act: (stage) => {
    const { actors, chance } = stage;
    const user = pick(
      chance,
      actors.filter((actor) => actor.kind === 'browser'),
    );
    const said = user ? act(user, stage) : null;
    return user && said !== null
      ? `${nameOf(user.person)} ${user.name} ${name}${said && ` ${said}`}`
      : null;
  },
});

const ofPage = (
  name: string,
  weight: number,
  states: readonly Page['state'][],
  act: (page: Page, user: BrowserUser, stage: Stage) => string | void,
): Action =>
  ofBrowser(name, weight, (user, stage) => {
    if (user.state === 'asleep') return null;
    const page = pick(
      stage.chance,
      user.pages.filter(({ state }) => states.includes(state)),
    );
    if (!page) return null;
    const more = act(page, user, stage);
    return `page ${page.id}${more ? ` ${more}` : ''}`;
  });

/** What a call's promise says is checked by what others see; a refusal is no fault. */
const quietly = (promise: Promise<void>): void => void promise.catch(() => undefined);

const watchSome = (page: Page, user: BrowserUser, { people, chance }: Stage): string => {
  if (chance.next() < 0.3 && !page.isWatchingOnline) {
    page.isWatchingOnline = true;
    page.client.watchOnline();
    return 'everybody';
  }
  const ids = people
    .filter(({ tenant }) => tenant === user.person.tenant)
    .map(({ userId }) => userId)
    .filter((userId) => chance.next() < 0.6 && !page.watched.includes(userId));
  if (ids.length > 0) page.client.watch(ids);
  page.watched = [...page.watched, ...ids];
  return ids.join(' ');
};

const claim = (page: Page, user: BrowserUser, stage: Stage): string => {
  const { chance } = stage;
  const status = pick(chance, CLAIMABLE_STATUSES) as ClaimableStatus;
  const forMs = chance.next() < 0.6 ? { forMs: 1000 + Math.floor(chance.next() * 120_000) } : {};
  quietly(page.client.setStatus(status, { message: freshMessage(stage, user.person), ...forMs }));
  return status;
};

const PAGE_ACTIONS: readonly Action[] = [
  ofPage('closes', 4, ['shown', 'hidden', 'frozen', 'cached'], (page, user) =>
    user.closePage(page, 'closed'),
  ),
  ofPage('crashes', 1, ['shown', 'hidden', 'frozen'], (page, user) =>
    user.closePage(page, 'crashed'),
  ),
  ofPage('reloads', 4, ['shown', 'hidden'], (page, user) => {
    user.closePage(page, 'closed');
    const opened = user.openPage();
    for (const room of page.rooms.keys()) joinRoom(opened, room);
  }),
  ofPage('has input in', 10, ['shown'], (page) => page.tab.input()),
  ofPage('hides', 4, ['shown'], (page) => {
    page.state = 'hidden';
    page.tab.hide();
  }),
  ofPage('shows', 5, ['hidden'], (page) => {
    page.state = 'shown';
    page.tab.show();
  }),
  ofPage('freezes', 2, ['hidden'], (page) => {
    page.state = 'frozen';
    page.tab.freeze();
  }),
  ofPage('resumes', 3, ['frozen'], (page) => {
    page.tab.resume();
    page.state = 'hidden';
  }),
  ofPage('caches', 2, ['shown'], (page) => {
    page.state = 'cached';
    page.tab.enterPageCache();
  }),
  ofPage('comes back to', 3, ['cached'], (page) => {
    page.state = 'shown';
    page.tab.leavePageCache();
  }),
  ofPage('watches in', 8, ['shown', 'hidden'], watchSome),
  ofPage('claims in', 4, ['shown', 'hidden'], claim),
  ofPage('releases in', 2, ['shown', 'hidden'], (page) => quietly(page.client.clearStatus())),
  ofPage('sets visibility in', 2, ['shown', 'hidden'], (page, _, { chance }) => {
    const visibility = chance.next() < 0.5 ? 'hidden' : 'visible';
    quietly(page.client.setVisibility(visibility));
    return visibility;
  }),
  ofPage('signs out in', 1, ['shown', 'hidden'], (page) => quietly(page.client.signOut())),
  ofPage('starts in', 3, ['shown', 'hidden'], (page) => page.client.start()),
];

/** What people with a browser do. */
export const BROWSER_ACTIONS: readonly Action[] = [
  ofBrowser('opens a page', 8, (user, stage) => {
    if (user.state === 'asleep' || user.pages.length >= MOST_PAGES) return null;
    const page = user.openPage();
    const rooms = ROOMS.filter(() => stage.chance.next() < 0.7);
    for (const room of rooms) joinRoom(page, room);
    return `${page.id} in [${rooms.join()}], watches ${watchSome(page, user, stage)}`;
  }),
  ...PAGE_ACTIONS,
  ofBrowser('sleeps', 2, (user) => {
    if (user.state !== 'awake') return null;
    user.sleep();
    return '';
  }),
  ofBrowser('wakes', 4, (user) => {
    if (user.state !== 'asleep') return null;
    user.wake();
    return '';
  }),
  ofBrowser('goes offline', 2, (user) => {
    if (user.state !== 'awake') return null;
    user.goOffline();
    return '';
  }),
  ofBrowser('comes online', 4, (user) => {
    if (user.state !== 'offline') return null;
    user.goOnline();
    return '';
  }),
];
