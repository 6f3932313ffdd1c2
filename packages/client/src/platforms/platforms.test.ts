import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/world.ts';
import { createSystemActivity } from './electron.ts';
import { createManualActivity } from './node.ts';
import { createAppActivity } from './react-native.ts';

const MINUTE = 60_000;

/** React Native's AppState, moved by the test. */
const createAppState = (currentState: string | null = 'active') => {
  const listeners = new Set<(state: string) => void>();
  return {
    currentState,
    addEventListener(_type: 'change', listener: (state: string) => void) {
      listeners.add(listener);
      return { remove: () => void listeners.delete(listener) };
    },
    become(state: string) {
      this.currentState = state;
      for (const listener of Array.from(listeners)) listener(state);
    },
    listeners: () => listeners.size,
  };
};

describe('activity of a React Native app', () => {
  it('is an active one while the app is open, and idle once it is in the background', async () => {
    const { clock, open } = createWorld();
    const appState = createAppState();
    const { client } = open({ activity: createAppActivity(appState) });
    await clock.advance(30 * MINUTE);
    expect(client.getIdle().idle).toBe(false);
    expect(client.getMe().status).toBe('online');
    appState.become('background');
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    appState.become('active');
    await clock.advance(10);
    expect(client.getMe().status).toBe('online');
  });

  it('begins with the state that is not known yet', async () => {
    const { clock, open } = createWorld();
    const appState = createAppState(null);
    const { client } = open({ activity: createAppActivity(appState) });
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    appState.become('active');
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(false);
  });

  it('an incoming call hides nothing, but is no input', async () => {
    const { clock, open } = createWorld();
    const appState = createAppState();
    const activity = createAppActivity(appState);
    const { client } = open({ activity });
    await clock.advance(10);
    appState.become('inactive');
    expect(activity.isHidden()).toBe(false);
    // What becomes of the app is told at once, and counts as input once more.
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
  });

  it('by touches, where the screen stays on', async () => {
    const { clock, open } = createWorld();
    const activity = createAppActivity(createAppState(), { foreground: 'touches' });
    const { client } = open({ activity });
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    for (let touch = 0; touch < 50; touch += 1) activity.noteTouch();
    expect(client.getIdle().idle).toBe(false);
  });

  it('leaves no timer and no listener behind', async () => {
    const { clock, open } = createWorld();
    const appState = createAppState();
    const { client, tab } = open({ activity: createAppActivity(appState) });
    await clock.advance(MINUTE);
    client.stop();
    expect(appState.listeners()).toBe(0);
    expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
  });
});

describe('activity of an Electron app', () => {
  /** A machine whose last input was at an instant of the test's choice. */
  const setup = async (isMain = false) => {
    const { clock, open } = createWorld();
    const machine = { inputAt: clock.now(), fails: false, isMain };
    const window = new EventTarget();
    const activity = createSystemActivity({
      idleSeconds() {
        if (machine.fails) throw new Error('The main process is busy.');
        const seconds = Math.floor((clock.now() - machine.inputAt) / 1000);
        // A window asks the main process; that asks the system itself.
        return machine.isMain ? seconds : Promise.resolve(seconds);
      },
      window,
    });
    const page = open({ activity });
    await clock.advance(10);
    return { clock, machine, window, ...page };
  };

  it.each([
    ['a window', false],
    ['the main process', true],
  ])('somebody who works in another program is not away, seen from %s', async (_where, isMain) => {
    const { clock, machine, client } = await setup(isMain);
    for (let minute = 0; minute < 20; minute += 1) {
      await clock.advance(MINUTE);
      machine.inputAt = clock.now();
    }
    await clock.advance(MINUTE);
    expect(client.getIdle().idle).toBe(false);
    await clock.advance(5 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    machine.inputAt = clock.now();
    await clock.advance(6000);
    expect(client.getIdle().idle).toBe(false);
  });

  it('S16: what was before a long sleep is not input of now', async () => {
    const { clock, machine, client } = await setup();
    const idles: boolean[] = [];
    client.on('idle', ({ idle }) => idles.push(idle));
    await clock.advance(2000);
    machine.inputAt = clock.now();
    // Everything stops for an hour, and goes on.
    clock.jump(60 * MINUTE);
    await clock.advance(10_000);
    expect(client.getIdle().idle).toBe(true);
    expect(idles).toEqual([true]);
  });

  it('the focus of its window is input, also while the system says nothing', async () => {
    const { clock, machine, window, client } = await setup();
    machine.fails = true;
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(true);
    window.dispatchEvent(new Event('focus'));
    expect(client.getIdle().idle).toBe(false);
  });

  it('leaves no timer and no listener behind', async () => {
    const { clock, client, tab } = await setup();
    await clock.advance(MINUTE);
    client.stop();
    await clock.advance(MINUTE);
    expect(tab.leftovers()).toEqual({ timers: 0, listeners: 0, sockets: 0 });
  });
});

describe('activity of a program', () => {
  it('is what it says: active, then nothing more, then one input', async () => {
    const { clock, open } = createWorld();
    const activity = createManualActivity();
    const { client } = open({ activity });
    await clock.advance(30 * MINUTE);
    expect(client.getMe().status).toBe('online');
    activity.setActive(false);
    activity.setActive(false);
    await clock.advance(6 * MINUTE);
    expect(client.getMe().status).toBe('away');
    activity.noteInput();
    await clock.advance(10);
    expect(client.getMe().status).toBe('online');
    await clock.advance(6 * MINUTE);
    expect(client.getMe().status).toBe('away');
    activity.setActive(true);
    await clock.advance(30 * MINUTE);
    expect(client.getMe().status).toBe('online');
  });

  it('may be said before the start and after the stop, and leaves no timer behind', async () => {
    const { clock, open } = createWorld();
    const activity = createManualActivity(false);
    activity.noteInput();
    activity.setActive(true);
    const { client, tab } = open({ activity });
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(false);
    client.stop();
    activity.setActive(false);
    activity.setActive(true);
    activity.noteInput();
    expect(tab.leftovers().timers).toBe(0);
    client.start();
    await clock.advance(6 * MINUTE);
    expect(client.getIdle().idle).toBe(false);
  });
});
