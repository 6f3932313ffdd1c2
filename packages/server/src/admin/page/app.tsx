import type { Clock } from '@presence/core';
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
  readonly clock: Pick<Clock, 'now' | 'after'>;
  createClient(userId: string): PresenceClient;
  onToken(token: string): void;
}

const SECOND_MS = 1000;

/** Everything that runs while somebody is in, and what ends it. */
const openDashboard = (
  { api, door, clock, createClient }: AppProps,
  config: AdminConfigAnswer,
): { readonly dashboard: Dashboard; readonly close: () => void } => {
  const onError = (error: unknown): void => void door.isOut(error);
  const now = createValue(clock.now());
  let cancel = (): void => undefined;
  const tick = (): void => {
    now.set(clock.now());
    cancel = clock.after(SECOND_MS, tick);
  };
  tick();
  const { stats, start } = createLiveStats(api, clock, onError);
  const stopStats = config.may['admin:stats:read'] ? start() : () => undefined;
  const client = createClient(config.viewer.userId);
  return {
    dashboard: { api, client, clock, config, stats, now, onError },
    close: () => {
      cancel();
      stopStats();
    },
  };
};

const Inside = (props: AppProps & { readonly config: AdminConfigAnswer }): ReactNode => {
  const [dashboard, setDashboard] = useState<Dashboard | null>(null);
  const { config } = props;
  useEffect(() => {
    const opened = openDashboard(props, config);
    setDashboard(opened.dashboard);
    return opened.close;
    // The other properties are made once, with the page.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [config]);
  return (
    dashboard && (
      <DashboardContext value={dashboard}>
        <PresenceProvider client={dashboard.client}>
          <Shell />
        </PresenceProvider>
      </DashboardContext>
    )
  );
};

/** The dashboard, or what keeps somebody out of it. */
export const App = (props: AppProps): ReactNode => {
  const entry = useValue(props.door.entry);
  if (entry.phase === 'in') return <Inside {...props} config={entry.config} />;
  return <Entrance entry={entry} onToken={props.onToken} onRetry={() => void props.door.knock()} />;
};
