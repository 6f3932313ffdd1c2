import { describe, expect, it } from 'vitest';
import { createBrowserUser, type BrowserUser } from './clients/browser-user.ts';
import { createWorld, type World } from './world/world.ts';

const MINUTE_MS = 60_000;

/** A machine with the real client on it, the real server, the default policy, and what others are told of its owner. */
interface Story {
  readonly world: World;
  readonly user: BrowserUser;
  /** Every change that others were told of: after how many seconds, and which. */
  told(): readonly (readonly [seconds: number, status: string])[];
  minutes(count: number): Promise<void>;
}

const begin = async (seed: number): Promise<Story> => {
  const world = createWorld(seed);
  world.startServer();
  const person = { tenant: 'acme', userId: 'ada', issuedAt: world.clock.now() };
  const line = world.openLine('acme/ada/web');
  const user = createBrowserUser(world, person, line, 'web', world.chance(), (client) => client);
  user.openPage();
  await world.clock.advance(5000);
  const from = world.clock.now();
  const changes: [number, string][] = [];
  world.life()?.presence.on('change', ({ presence }) => {
    changes.push([Math.round((world.clock.now() - from) / 1000), presence.status]);
  });
  return {
    world,
    user,
    told: () => changes.splice(0),
    minutes: (count) => world.clock.advance(count * MINUTE_MS),
  };
};

const statuses = (story: Story): readonly string[] => story.told().map(([, status]) => status);

describe.each([1, 2, 3])('whoever is long away, on line %i', (seed) => {
  it('S2: hidden for half an hour with throttled timers is away once and offline once, and never flaps', async () => {
    const story = await begin(seed);
    const [page] = story.user.pages;
    page?.tab.input();
    await story.minutes(1);
    page?.tab.hide();
    await story.minutes(28);
    const told = story.told();
    expect(told.map(([, status]) => status)).toEqual(['away']);
    // Five minutes after the last input, and a browser that runs timers once a minute.
    expect(told[0]?.[0]).toBeGreaterThanOrEqual(300);
    expect(told[0]?.[0]).toBeLessThanOrEqual(362);
    await story.minutes(3);
    expect(statuses(story)).toEqual(['offline']);
    await story.minutes(120);
    expect(statuses(story)).toEqual([]);
    page?.tab.show();
    await story.minutes(1);
    expect(statuses(story)).toEqual(['online']);
  });

  it('S2: a hidden tab holds the connection while another one is used: nobody hears of anything for an hour', async () => {
    const story = await begin(seed);
    const second = story.user.openPage();
    story.user.pages[0]?.tab.hide();
    for (let minute = 0; minute < 60; minute += 1) {
      second.tab.input();
      await story.minutes(1);
    }
    expect(statuses(story)).toEqual([]);
    expect(story.world.load().sockets).toBe(1);
  });

  it('L1: a laptop asleep for an hour is offline once, a minute after it fell asleep, and online once when it wakes', async () => {
    const story = await begin(seed);
    const [page] = story.user.pages;
    story.user.sleep();
    await story.minutes(60);
    const told = story.told();
    expect(told.map(([, status]) => status)).toEqual(['offline']);
    expect(told[0]?.[0]).toBeLessThanOrEqual(61);
    story.user.wake();
    page?.tab.show();
    page?.tab.input();
    await story.minutes(1);
    expect(statuses(story)).toEqual(['online']);
    await story.minutes(4);
    expect(statuses(story)).toEqual([]);
  });
});
