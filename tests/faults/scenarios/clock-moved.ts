import type { Scenario } from '../scenario.ts';

const STEP_MS = 60_000;

const clockMoved = (name: string, breaks: string, stepMs: number): Scenario => ({
  name,
  breaks,
  holds: 'nobody who is connected goes offline, and who leaves afterwards is gone in time',
  needs: 'clock',
  keepsLinks: true,
  run: async ({ store, during, someVanish, someComeAndGo, everybodyIsThere, pass, scale }) => {
    someVanish();
    await during('clock', () => store.moveClock(stepMs), { stepMs });
    await pass(scale.faultMs);
    someComeAndGo();
    await everybodyIsThere();
  },
});

export const clockForward: Scenario = clockMoved(
  'clock-forward',
  'the clock of Redis goes forward by a minute',
  STEP_MS,
);

export const clockBack: Scenario = clockMoved(
  'clock-back',
  'the clock of Redis goes back by a minute',
  -STEP_MS,
);
