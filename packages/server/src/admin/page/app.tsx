import type { Cancel, Clock } from '@presence/core';
import type { PresenceClient } from '@presence/client';
import type { AdminConfigAnswer } from '@presence/core/protocol';
import { PresenceProvider } from '@presence/react';
import { useEffect, useState, type ReactNode } from 'react';
import { DashboardContext, useValue, type Dashboard } from './dashboard.ts';
import type { Api } from './data/api.ts';
import type { Door } from './data/entry.ts';
import { createLiveStats } from './data/live-stats.ts';
import { createValue } from './data/value.ts';
import { Entrance } from './entrance.tsx';
import { Shell } from './shell.tsx';

interface AppProps {
  readonly api: Api;
  readonly door: Door;
  readonly clock: Clock;
  createClient(userId: string): PresenceClient;
  onToken(token: string): void;
}

const SECOND_MS = 1000;

/** What the parts of the page share while somebody is in, and what runs meanwhile. */
const createDashboard = (
  { api, door, clock, createClient }: AppProps,
  config: AdminConfigAnswer,
): { readonly dashboard: Dashboard; readonly start: () => Cancel } => {
  const onError = (error: unknown): void => void door.isOut(error);
  const now = createValue(clock.now());
  const { stats, start } = createLiveStats(api, clock, onError);
  const client = createClient(config.viewer.userId);
  return {
    dashboard: { api, client, clock, config, stats, now, onError },
    start: () => {
      const stopStats = config.may['admin:stats:read'] ? start() : () => undefined;
      const stopClock = clock.every(SECOND_MS, () => now.set(clock.now()));
      return () => {
        stopStats();
        stopClock();
      };
    },
  };
};

interface InsideProps {
  readonly app: AppProps;
  readonly config: AdminConfigAnswer;
}

const Inside = ({ app, config }: InsideProps): ReactNode => {
  // Whoever comes in again is somebody else, perhaps: their dashboard begins anew.
  const [{ dashboard, start }] = useState(() => createDashboard(app, config));
  useEffect(() => start(), [start]);
  return (
    <DashboardContext value={dashboard}>
      <PresenceProvider client={dashboard.client}>
        <Shell />
      </PresenceProvider>
    </DashboardContext>
  );
};

/** The dashboard, or what keeps somebody out of it. */
export const App = (props: AppProps): ReactNode => {
  const entry = useValue(props.door.entry);
  if (entry.phase === 'in') return <Inside app={props} config={entry.config} />;
  return <Entrance entry={entry} onToken={props.onToken} onRetry={() => void props.door.knock()} />;
};
