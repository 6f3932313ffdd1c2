import type { Clock } from '@presence/core';
import type { PresenceClient } from '@presence/client';
import type { AdminConfigAnswer } from '@presence/core/protocol';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Api } from './data/api.ts';
import type { Stats } from './data/live-stats.ts';
import type { Value } from './data/value.ts';

/** What every part of the page works with, once somebody is in. */
export interface Dashboard {
  readonly api: Api;
  readonly client: PresenceClient;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly config: AdminConfigAnswer;
  readonly stats: Value<Stats>;
  /** This machine's time to the second. */
  readonly now: Value<number>;
  /** Told of every refusal: some mean that the login is over. */
  onError(error: unknown): void;
}

export const DashboardContext = createContext<Dashboard | null>(null);

export const useDashboard = (): Dashboard => {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('Nobody is in yet.');
  return dashboard;
};

export const useValue = <Content>(value: Value<Content>): Content =>
  useSyncExternalStore(value.subscribe, value.read);

/** The server's time, as far as the last count tells. */
export const useServerNow = (): number => {
  const { stats, now } = useDashboard();
  const local = useValue(now);
  const { answer, answeredAt } = useValue(stats);
  return answer && answeredAt !== null ? local + answer.asOf - answeredAt : local;
};
