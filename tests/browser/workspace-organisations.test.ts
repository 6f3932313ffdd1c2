import { describe, expect, it } from 'vitest';
import { missingChromium } from '../services/launch-chromium.ts';
import type { WorkspaceTab } from './workspace-tab.ts';
import { useWorkspace } from './workspace.ts';

/** Five people, in seven sign-ins: two of them are in two organisations at once, in one browser. */
const PEOPLE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ada: { juniper: 3, northwind: 3 },
  mei: { juniper: 2, lumen: 2 },
  grace: { juniper: 3 },
  hugo: { northwind: 4 },
  omar: { lumen: 3 },
};

/** What each of them says where, in words that appear nowhere else. */
const SAID = [
  ['ada', 'juniper', 'busy', 'planning the launch'],
  ['ada', 'northwind', 'dnd', 'reading the charts'],
  ['mei', 'juniper', 'away', 'in an interview'],
  ['mei', 'lumen', 'busy', 'at the bench'],
  ['grace', 'juniper', 'dnd', 'drawing'],
  ['hugo', 'northwind', 'busy', 'counting sails'],
  ['omar', 'lumen', 'away', 'writing a grant'],
] as const;

/** Pages that show people, in turn. */
const PAGES = ['directory', 'project', 'channels/general', 'people/ada'];

interface Signed {
  readonly userId: string;
  readonly organisation: string;
  readonly tabs: readonly WorkspaceTab[];
}

describe.skipIf(missingChromium())('twenty tabs of five people in three organisations', () => {
  const demo = useWorkspace();

  const openAll = async (userId: string): Promise<Signed[]> => {
    const [[first] = [''], ...others] = Object.entries(PEOPLE[userId] ?? {});
    const desk = await demo.desk(first, userId);
    for (const [organisation] of others) await desk.signIn(organisation, userId);
    const opened = Object.entries(PEOPLE[userId] ?? {}).map(
      async ([organisation, count]): Promise<Signed> => {
        const paths = Array.from({ length: count }, (_, index) => PAGES[index % PAGES.length]);
        const tabs = await Promise.all(paths.map((path) => desk.open(organisation, path)));
        return { userId, organisation, tabs };
      },
    );
    return Promise.all(opened);
  };

  const says = async ({ tabs: [tab], organisation }: Signed, status: string, message: string) => {
    const answer = await tab?.page.evaluate(
      async ([path = '', body]) =>
        (
          await fetch(path, {
            method: 'PUT',
            headers: { 'Content-Type': 'application/json' },
            ...(body !== undefined && { body }),
          })
        ).status,
      [`/${organisation}/presence/me/status`, JSON.stringify({ status, message })],
    );
    expect(answer).toBe(200);
  };

  const peopleOf = async (organisation: string): Promise<string[]> => {
    const response = await fetch(`${demo.server.url}/${organisation}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        userId: { juniper: 'linus', northwind: 'lena', lumen: 'vera' }[organisation],
      }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    const workspace = await fetch(`${demo.server.url}/${organisation}/api/workspace`, {
      headers: { cookie },
    });
    const told = (await workspace.json()) as { organisation: { members: { id: string }[] } };
    return told.organisation.members.map(({ id }) => id);
  };

  it('S15: see everybody of their own organisation, and no dot, row or word of another one', async () => {
    const everybody = (await Promise.all(Object.keys(PEOPLE).map(openAll))).flat();
    const tabs = everybody.flatMap((signed) => signed.tabs);
    expect(tabs).toHaveLength(20);
    const sockets = (): number => tabs.reduce((sum, tab) => sum + tab.openSockets(), 0);
    await expect
      .poll(sockets, { timeout: 20_000, message: 'one for each sign-in' })
      .toBe(everybody.length);

    for (const [userId, organisation, status, message] of SAID) {
      const signed = everybody.find(
        (each) => each.userId === userId && each.organisation === organisation,
      );
      await says(signed!, status, message);
    }
    const hugo = everybody.find(({ userId }) => userId === 'hugo')?.tabs[2];
    await hugo?.says('The tide turns at six');
    await hugo?.hears('The tide turns at six');
    const colleaguesSee = async (userId: string, organisation: string, status: string) => {
      const theirs = tabs.filter((tab) => tab.organisation === organisation);
      await Promise.all(theirs.map((tab) => tab.sees('member-list', userId, status)));
    };
    for (const [userId, organisation, status] of SAID) {
      await colleaguesSee(userId, organisation, status);
    }
    // Out of one organisation, and still in the other.
    const leaving = everybody.find(
      ({ userId, organisation }) => userId === 'ada' && organisation === 'northwind',
    );
    await leaving?.tabs[0]?.page.getByRole('button', { name: /^Sign out/ }).click();
    const stayed = tabs.filter((tab) => !leaving?.tabs.includes(tab));
    const others = stayed.filter(({ organisation }) => organisation === 'northwind');
    await Promise.all(others.map((tab) => tab.sees('member-list', 'ada', 'offline')));
    await colleaguesSee('ada', 'juniper', 'busy');

    for (const tab of tabs) {
      const own = await peopleOf(tab.organisation);
      const heard = (await tab.heard()).join('\n');
      const shown = await tab.everShown();
      const where = `a tab of ${tab.organisation}`;
      expect(shown.length, where).toBeGreaterThan(5);
      expect(heard, where).toMatch(/"(busy|dnd)"/);
      const isAtSea = tab.organisation === 'northwind';
      expect(heard.includes('The tide turns at six'), where).toBe(isAtSea);
      for (const [userId, organisation, status, message] of SAID) {
        if (organisation === tab.organisation) continue;
        expect(heard.includes(message), `${where}: ${message}`).toBe(false);
        expect(shown, where).not.toContain(`${userId} ${status}`);
      }
      const named = new Set(Array.from(heard.matchAll(/"userId":"([^"]+)"/g), ([, id]) => id));
      for (const [, id] of heard.matchAll(/\["([a-z]+)","[a-z]+",\d+\]/g)) named.add(id);
      expect(
        [...named].filter((id) => id !== undefined && !own.includes(id)),
        where,
      ).toEqual([]);
      const foreign = shown.filter((row) => !own.includes(row.split(' ')[0] ?? ''));
      expect(foreign, where).toEqual([]);
    }
  });
});
