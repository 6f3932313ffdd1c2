import { useConnection, useOnlineUsers } from '@presence/react';
import type { ShownStatus } from '@presence/client';
import { useMemo, useRef, type ReactNode } from 'react';
import type { ClusterView } from '../live.ts';
import type { Person } from '../people.ts';
import { Journal } from './journal.tsx';
import { Legend } from './legend.tsx';
import { NodeCardView } from './node-card.tsx';
import { Summary } from './summary.tsx';
import { TopBar } from './top-bar.tsx';
import { useCluster } from './use-cluster.ts';
import { useFly } from './use-fly.ts';

interface AppProps {
  /** The visitor. */
  readonly userId: string;
}

/** What presence says of somebody, in this browser. */
export type StatusOf = (userId: string) => ShownStatus;

const useStatusOf = (): StatusOf => {
  const { users, synced } = useOnlineUsers();
  return useMemo(() => {
    const known = new Map(users.map(({ userId, status }) => [userId, status]));
    return (userId) => (synced ? (known.get(userId) ?? 'offline') : 'unknown');
  }, [users, synced]);
};

export const App = ({ userId }: AppProps): ReactNode => {
  const { view, isLive, aheadMs } = useCluster();
  if (!view) return <div className="splash" aria-busy="true" />;
  return <Board userId={userId} view={view} isLive={isLive} aheadMs={aheadMs} />;
};

/** In the order in which they came, so that nobody moves who stays. */
const peopleOn = ({ people, places }: ClusterView, node: number): Person[] =>
  people
    .filter(({ id }) => places[id]?.node === node)
    .sort((left, right) => (places[left.id]?.turn ?? 0) - (places[right.id]?.turn ?? 0));

interface BoardProps extends AppProps {
  readonly view: ClusterView;
  readonly isLive: boolean;
  readonly aheadMs: number;
}

const Board = ({ userId, view, isLive, aheadMs }: BoardProps): ReactNode => {
  const statusOf = useStatusOf();
  const stage = useRef<HTMLDivElement>(null);
  useFly(stage);
  const { nodes, places, journal } = view;
  return (
    <div className="page">
      <TopBar userId={userId} view={view} />
      <Notice view={view} isLive={isLive} />
      <main className="board">
        <Summary view={view} statusOf={statusOf} />
        <div className="nodes" ref={stage}>
          {nodes.map((card) => (
            <NodeCardView
              key={card.id}
              card={card}
              userId={userId}
              people={peopleOn(view, card.id)}
              places={places}
              statusOf={statusOf}
              aheadMs={aheadMs}
              isDeploying={view.isDeploying}
            />
          ))}
        </div>
        <Legend />
        <Journal entries={journal} />
      </main>
    </div>
  );
};

/** What a visitor has to know before everything else, if there is something. */
const Notice = ({ view, isLive }: Pick<BoardProps, 'view' | 'isLive'>): ReactNode => {
  const { status } = useConnection();
  if (!isLive) {
    return (
      <Banner>
        The example does not answer. Start it again with <code>npm run example:cluster</code>.
      </Banner>
    );
  }
  if (view.nodes.some(({ state }) => state !== 'killed' && state !== 'stopped')) return null;
  if (status === 'connected') return null;
  return (
    <Banner>
      No node runs. Nobody is called offline whom nobody can know about: dots turn to “not known”
      when they are too old to trust. Start a node, and everybody comes back.
    </Banner>
  );
};

const Banner = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <div className="banner" role="status">
    {children}
  </div>
);
