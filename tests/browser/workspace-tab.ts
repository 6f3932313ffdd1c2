import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where the workspace shows people. */
type Place = 'member-list' | 'channel-members' | 'directory' | 'profile' | 'project';

/** One tab of the workspace, as the person in front of it sees it. */
export interface WorkspaceTab {
  readonly page: Page;
  readonly organisation: string;
  /** Waits until one place shows somebody so. */
  sees(place: Place, userId: string, status: string, withinMs?: number): Promise<void>;
  /** Every status that one place has shown of somebody, without repetitions. */
  history(place: Place, userId: string): Promise<readonly string[]>;
  /** Waits until a channel in the list has a dot of this status, for whoever is most present of it. */
  channelShows(channel: string, status: string): Promise<void>;
  /** Begins to write in the open channel, and does not send. */
  writes(text: string): Promise<void>;
  /** Writes in the open channel, and sends it. */
  says(text: string): Promise<void>;
  /** Waits until something that was said is shown. */
  hears(text: string): Promise<void>;
  /** Whether the end of what was said is in view. */
  isAtEnd(): Promise<boolean>;
  /** Waits until the line above the field says that somebody types; `null`: that nobody does. */
  seesTyping(name: string | null): Promise<void>;
  /** Waits until the list marks a channel as one where something was said meanwhile, or does not. */
  isUnread(channel: string, isUnread: boolean): Promise<void>;
  /** Waits for the state of the connection. */
  connection(state: string, withinMs?: number): Promise<void>;
  /** Sockets that this tab opened and that are still open. */
  openSockets(): number;
  /** Everything of presence that this tab was ever sent, by the server or by another tab. */
  heard(): Promise<readonly string[]>;
  /** Everybody whom this tab has ever shown, with every status: `ada busy`. */
  everShown(): Promise<readonly string[]>;
  /** Moves the mouse once. */
  moves(): Promise<void>;
  /** The mouse is never still, until the tab closes. */
  movesOn(): Promise<void>;
}

interface Recorder {
  readonly shown: Record<string, string[]>;
  readonly told: string[];
}

/** Runs in the page before anything of it: writes down each row that it shows, and what other tabs say to it. */
const record = (): void => {
  const recorder: Recorder = { shown: {}, told: [] };
  Object.assign(globalThis, { recorder });
  const read = (): void => {
    for (const row of document.querySelectorAll<HTMLElement>('[data-user][data-status]')) {
      const { user = '', status = '' } = row.dataset;
      const place = row.closest<HTMLElement>('[data-place]')?.dataset['place'] ?? 'elsewhere';
      const list = (recorder.shown[`${place} ${user}`] ??= []);
      if (list.at(-1) !== status) list.push(status);
    }
  };
  new MutationObserver(read).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  });
  const Platform = globalThis.BroadcastChannel;
  globalThis.BroadcastChannel = class extends Platform {
    constructor(name: string) {
      super(name);
      this.addEventListener('message', ({ data }) => recorder.told.push(JSON.stringify(data)));
    }
  };
};

const recorderOf = (page: Page): Promise<Recorder> =>
  page.evaluate(() => (globalThis as unknown as { recorder: Recorder }).recorder);

/** What came over sockets and as answers of presence's routes, and how many sockets are open. */
const listen = (page: Page): { readonly frames: string[]; openSockets(): number } => {
  const frames: string[] = [];
  let open = 0;
  page.on('websocket', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
    socket.on('framereceived', ({ payload }) => void frames.push(payload.toString()));
  });
  page.on('response', (response) => {
    if (!response.url().includes('/presence/')) return;
    response.text().then(
      (text) => void frames.push(text),
      () => undefined,
    );
  });
  return { frames, openSockets: () => open };
};

let moved = 0;

/** Opens a tab at a page of an organisation that its browser is signed in to. */
export const openTab = async (
  context: BrowserContext,
  url: string,
  organisation: string,
  path: string,
): Promise<WorkspaceTab> => {
  const page = await context.newPage();
  await page.addInitScript(record);
  const { frames, openSockets } = listen(page);
  await page.goto(`${url}/${organisation}/${path}`);
  const becomes = (selector: string, withinMs: number): Promise<void> =>
    page.locator(selector).first().waitFor({ state: 'attached', timeout: withinMs });

  const field = page.getByLabel(/^Message to /);
  const typing = page.getByTestId('typing');

  const tab: WorkspaceTab = {
    page,
    organisation,
    sees: (place, userId, status, withinMs = 20_000) => {
      const row = `[data-user="${userId}"][data-status="${status}"]`;
      return becomes(
        place === 'profile' ? `[data-place="profile"]${row}` : `[data-place="${place}"] ${row}`,
        withinMs,
      );
    },
    history: async (place, userId) => {
      const shown = (await recorderOf(page)).shown[`${place} ${userId}`] ?? [];
      return shown[0] === 'unknown' ? shown.slice(1) : shown;
    },
    channelShows: (channel, status) =>
      becomes(`[data-channel="${channel}"][data-status="${status}"]`, 20_000),
    writes: (text) => field.pressSequentially(text),
    says: async (text) => {
      await field.fill(text);
      await field.press('Enter');
    },
    isAtEnd: () =>
      page.getByRole('log').evaluate((log) => {
        const last = log.querySelector('li:last-of-type')?.getBoundingClientRect().bottom ?? 0;
        const { top, bottom } = log.getBoundingClientRect();
        return last > top && last <= bottom;
      }),
    hears: (text) => page.getByRole('log').getByText(text, { exact: true }).waitFor(),
    seesTyping: (name) =>
      name === null
        ? typing.locator('.presence-typing:empty').waitFor({ state: 'attached' })
        : typing.getByText(`${name} is typing`).waitFor(),
    isUnread: (channel, isUnread) =>
      becomes(`[data-unread="${isUnread}"] [data-channel="${channel}"]`, 20_000),
    connection: (state, withinMs = 20_000) =>
      becomes(`[data-testid="connection"][data-connection="${state}"]`, withinMs),
    openSockets,
    heard: async () => [...frames, ...(await recorderOf(page)).told],
    everShown: async () => {
      const rows = Object.entries((await recorderOf(page)).shown);
      return rows.flatMap(([row, statuses]) =>
        statuses.map((status) => `${row.split(' ')[1]} ${status}`),
      );
    },
    moves: async () => {
      moved += 1;
      await page.mouse.move(500 + (moved % 50), 300);
    },
    movesOn: () =>
      page.evaluate(() => {
        setInterval(() => document.dispatchEvent(new PointerEvent('pointermove')), 400);
      }),
  };
  await tab.connection('connected');
  return tab;
};

/** The colour of a dot, in a word. */
const colourOf = (tab: WorkspaceTab, selector: string): Promise<string> =>
  tab.page
    .locator(`${selector} .presence-dot`)
    .first()
    .evaluate((dot) => {
      const { color } = getComputedStyle(dot);
      const [, lightness = 0, a = 0, b = 0] =
        /^oklab\(([\d.-]+) ([\d.-]+) ([\d.-]+)/.exec(color)?.map(Number) ?? [];
      if (Math.hypot(a, b) < 0.03) return lightness < 1 ? 'grey' : color;
      if (a < -0.06) return 'green';
      return a > 0.1 ? 'red' : b > 0.08 ? 'yellow' : color;
    });

/** Awaits that a dot has a colour: it fades from one to the next. */
export const isColoured = (tab: WorkspaceTab, selector: string, colour: string): Promise<void> =>
  expect.poll(() => colourOf(tab, selector), { timeout: 10_000, interval: 50 }).toBe(colour);
