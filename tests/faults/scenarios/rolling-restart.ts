import { PLACES } from '../nodes.ts';
import type { Scenario } from '../scenario.ts';

/** L8 */
const CLOSED_MS = 25_000;

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  breaks: 'L8: three nodes are drained and replaced, one after the other',
  holds: 'each is gone within 25 s, and nobody is seen leaving',
  nobodyGoes: true,
  run: async ({ nodes, history, everybodyIsThere }) => {
    for (let place = 0; place < PLACES; place += 1) {
      const at = Date.now();
      await nodes.drain(place);
      const tookMs = Date.now() - at;
      history.attempts.push({
        what: `draining node ${place}`,
        at,
        wanted: `within ${CLOSED_MS} ms`,
        got: tookMs < CLOSED_MS ? `within ${CLOSED_MS} ms` : `after ${tookMs} ms`,
      });
      await nodes.start(place);
      await everybodyIsThere();
    }
  },
};
