import type { PolicyOptions } from '@presence/server';
import { startExample, type Example } from './example.ts';

/** The default policy with seconds for most of its minutes, so that nobody waits. */
export const QUICK: PolicyOptions = {
  awayAfterMs: 120_000,
  offlineAfterIdleMs: 600_000,
  pingMs: 1000,
  pongTimeoutMs: 1000,
  grace: { lostMs: 1500, closedMs: 2500 },
};

/** The token of a login of the demo, for requests beside the browser. */
export const signIn = async (url: string, userId: string): Promise<string> => {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  return ((await response.json()) as { token: string }).token;
};

/** The demo, as `npm start` runs it, without its simulated colleagues. */
export const startQuickstart = (policy: PolicyOptions): Promise<Example> =>
  startExample('quickstart/server.ts', {
    COLLEAGUES: 'off',
    PRESENCE_DATABASE_URL: 'memory:',
    QUICKSTART_POLICY: JSON.stringify(policy),
  });
