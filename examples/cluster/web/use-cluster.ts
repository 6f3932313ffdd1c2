import { useEffect, useState } from 'react';
import type { ClusterView } from '../live.ts';

/** What the example tells of its nodes. */
export interface Cluster {
  /** `null` until the first answer. */
  readonly view: ClusterView | null;
  /** False while the example itself does not answer. */
  readonly isLive: boolean;
  /** By how much its clock is ahead of this browser's. */
  readonly aheadMs: number;
}

export const useCluster = (): Cluster => {
  const [cluster, setCluster] = useState<Cluster>({ view: null, isLive: true, aheadMs: 0 });
  useEffect(() => {
    const source = new EventSource('/cluster/live');
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const view = JSON.parse(data) as ClusterView;
      setCluster({ view, isLive: true, aheadMs: view.now - Date.now() });
    });
    source.addEventListener('error', () => setCluster((known) => ({ ...known, isLive: false })));
    return () => source.close();
  }, []);
  return cluster;
};

/** Presses a button of the page; the header proves that it is this page's. */
export const act = (path: string): void => {
  fetch(`/cluster/${path}`, { method: 'POST', headers: { 'x-cluster': 'page' } }).catch(
    () => undefined,
  );
};
