import { describe, expect, it } from 'vitest';
import { createWorld } from './testing/world.ts';

const MINUTE = 60_000;

describe('activity', () => {
  it('is idle awayAfterMs after the last input, and says for how long', async () => {
    const { clock, server, open } = createWorld();
    const { client, tab } = open();
    await clock.advance(10);
    tab.input();
    const inputAt = clock.now();
    await clock.advance(5 * MINUTE + 1000);
    expect(client.getIdle()).toEqual({ idle: true, since: inputAt });
    expect(client.getMe().status).toBe('away');
    const { frame } = server.frames.at(-1)!;
    expect(frame).toMatchObject({ type: 'activity', state: 'idle', idleMs: 5 * MINUTE });
    tab.input();
    await clock.advance(10);
    expect(client.getIdle().idle).toBe(false);
    expect(client.getMe().status).toBe('online');
  });

  it('repeats active each half of awayAfterMs while there is input, and no more often', async () => {
    const { clock, server, open } = createWorld();
    const { tab } = open();
    await clock.advance(10);
    for (let second = 0; second < 1800; second += 1) {
      tab.input();
      await clock.advance(1000);
    }
    const active = server.frames.filter(
      ({ frame }) => frame.type === 'activity' && frame.state === 'active',
    );
    expect(active.length).toBeGreaterThanOrEqual(11);
    expect(active.length).toBeLessThanOrEqual(13);
  });

  it('reports input that ended just after a report, so that the server does not take it for a frozen page', async () => {
    const { clock, server, open } = createWorld();
    const { tab } = open();
    await clock.advance(10);
    await clock.advance(100_000);
    tab.input();
    await clock.advance(60_000);
    const last = server.frames.at(-1)?.frame;
    expect(last).toMatchObject({ type: 'activity', state: 'active' });
  });

  it('of any tab counts, and neither a hidden nor a frozen tab stands in the way of idle', async () => {
    const { clock, open } = createWorld();
    const first = open();
    const second = open();
    const third = open();
    await clock.advance(10);
    second.tab.hide();
    third.tab.hide();
    third.tab.freeze();
    await clock.advance(4 * MINUTE);
    second.tab.input();
    await clock.advance(4 * MINUTE);
    expect(first.client.getIdle().idle).toBe(false);
    await clock.advance(2 * MINUTE);
    expect(first.client.getIdle().idle).toBe(true);
    expect(second.client.getIdle()).toEqual(first.client.getIdle());
  });

  it('an untouched tab that takes over does not make an active person idle', async () => {
    const { clock, open } = createWorld();
    const first = open();
    await clock.advance(10);
    const second = open();
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(MINUTE);
      first.tab.input();
    }
    const idles: boolean[] = [];
    second.client.on('idle', ({ idle }) => idles.push(idle));
    first.tab.close();
    await clock.advance(4 * MINUTE);
    expect(idles).toEqual([]);
    await clock.advance(2 * MINUTE);
    expect(idles).toEqual([true]);
  });

  it('becoming visible is input, becoming hidden is not', async () => {
    const { clock, open } = createWorld();
    const { client, tab } = open();
    await clock.advance(4 * MINUTE);
    tab.hide();
    await clock.advance(3 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    tab.show();
    await clock.advance(10);
    expect(client.getIdle().idle).toBe(false);
  });

  it('sleep counts as no input', async () => {
    const { clock, browser, open } = createWorld();
    const { client } = open();
    await clock.advance(10);
    browser.sleep();
    await clock.advance(60 * MINUTE);
    browser.wake();
    await clock.advance(1000);
    expect(client.getIdle().idle).toBe(true);
    expect(client.getMe().status).toBe('away');
  });

  it('without a source counts as always active', async () => {
    const { clock, server, open } = createWorld();
    const { client } = open({ activity: null });
    await clock.advance(60 * MINUTE);
    expect(client.getMe().status).toBe('online');
    expect(server.frames.filter(({ frame }) => frame.type === 'activity').length).toBeGreaterThan(
      20,
    );
  });
});
