import { ConnectionPill } from '@presence/example-shared/web/connection-pill.tsx';
import { Mark } from '@presence/example-shared/web/mark.tsx';
import { StatusPicker } from '@presence/react';
import type { ReactNode } from 'react';
import type { ClusterView } from '../live.ts';
import { DeployIcon } from './icons.tsx';
import { act } from './use-cluster.ts';

interface TopBarProps {
  readonly userId: string;
  readonly view: ClusterView;
}

const nextVersion = ({ nodes }: ClusterView): number =>
  1 + Math.max(...nodes.map(({ version }) => version));

export const TopBar = ({ userId, view }: TopBarProps): ReactNode => {
  const place = view.places[userId];
  const words = view.isDeploying ? 'Deploying…' : `Deploy version ${nextVersion(view)}`;
  return (
    <header className="top-bar">
      <h1 className="presence-sr-only">Three servers, one presence</h1>
      <span className="brand">
        <Mark />
        <span className="brand-name">Juniper</span>
      </span>
      <ConnectionPill />
      <span
        className="you"
        data-testid="your-node"
        data-node={place?.isConnected ? place.node : ''}
      >
        {place?.isConnected ? `You are on node ${place.node}` : 'You are on your way'}
      </span>
      <span className="spacer" />
      <button
        type="button"
        className="button button-primary"
        data-testid="deploy"
        aria-label={words}
        disabled={view.isDeploying}
        onClick={() => act('deploy')}
      >
        <DeployIcon />
        <span className="deploy-words">{words}</span>
      </button>
      <div className="own">
        <StatusPicker align="end" />
      </div>
    </header>
  );
};
