import { useNow } from '@presence/example-shared/web/use-now.ts';
import type { ReactNode } from 'react';
import type { NodeCard } from '../node-process.ts';
import type { ClusterView } from '../live.ts';
import type { Person } from '../people.ts';
import type { StatusOf } from './app.tsx';
import { DrainIcon, KillIcon, StartIcon } from './icons.tsx';
import { PersonDot } from './person-dot.tsx';
import { act } from './use-cluster.ts';
import { STATE_TONES, STATE_WORDS } from './words.ts';

interface NodeCardProps {
  readonly card: NodeCard;
  /** The visitor. */
  readonly userId: string;
  /** Those whose socket is here, or was here last. */
  readonly people: readonly Person[];
  readonly places: ClusterView['places'];
  readonly statusOf: StatusOf;
  readonly aheadMs: number;
  readonly isDeploying: boolean;
}

/** With more people they stand closer, without their names. */
const ROOMY = 20;

export const NodeCardView = (props: NodeCardProps): ReactNode => {
  const { card, people, places, statusOf, userId, aheadMs } = props;
  const { id, state, version } = card;
  const here = people.filter((person) => places[person.id]?.isConnected).length;
  return (
    <section
      className="node"
      data-testid={`node-${id}`}
      data-state={state}
      data-tone={STATE_TONES[state]}
      data-users={here}
      aria-label={`Node ${id}`}
    >
      <header className="node-head">
        <h2>Node {id}</h2>
        <span className="badge">v{version}</span>
        <span className="spacer" />
        <span className={`state state-${STATE_TONES[state]}`}>{STATE_WORDS[state]}</span>
      </header>
      <p className="node-meta">
        <span className="node-count">{here}</span> {here === 1 ? 'person' : 'people'}
        <span className="node-process">
          {card.pid === null ? 'no process' : `pid ${card.pid}`}
          {card.port === null ? '' : ` · port ${card.port}`}
        </span>
      </p>
      <ul className="crowd" data-crowded={people.length > ROOMY}>
        {people.map((person) => (
          <PersonDot
            key={person.id}
            person={person}
            isYou={person.id === userId}
            isConnected={places[person.id]?.isConnected ?? false}
            status={statusOf(person.id)}
          />
        ))}
      </ul>
      <Lease card={card} aheadMs={aheadMs} waiting={people.length - here} />
      <Buttons card={card} isDeploying={props.isDeploying} />
    </section>
  );
};

interface LeaseProps {
  readonly card: NodeCard;
  readonly aheadMs: number;
  /** Who is not back yet. */
  readonly waiting: number;
}

/** Until when those who were on it count, although it is gone. */
const Lease = ({
  card: { since, countsUntil, state },
  aheadMs,
  waiting,
}: LeaseProps): ReactNode => {
  const now = useNow() + aheadMs;
  if (countsUntil === null || state === 'running' || state === 'starting') {
    return <p className="lease">{state === 'running' ? 'Renews its lease.' : 'Takes a lease.'}</p>;
  }
  const leftMs = countsUntil - now;
  if (leftMs <= 0) return <p className="lease">Its lease has ended.</p>;
  const left = Math.ceil(Math.min(leftMs, countsUntil - since) / 1000);
  return (
    <div className="lease">
      <p>
        Lease counts for <b>{left} s</b>
        {waiting > 0 ? `, ${waiting} not back yet` : ', all are back'}
      </p>
      <progress max={countsUntil - since} value={leftMs} aria-hidden="true" />
    </div>
  );
};

const Buttons = ({
  card: { id, state },
  isDeploying,
}: Pick<NodeCardProps, 'card' | 'isDeploying'>): ReactNode => {
  const press = (action: string) => () => act(`nodes/${id}/${action}`);
  if (state === 'killed' || state === 'stopped') {
    return (
      <div className="node-buttons">
        <button type="button" className="button" disabled={isDeploying} onClick={press('start')}>
          <StartIcon /> Start
        </button>
      </div>
    );
  }
  return (
    <div className="node-buttons">
      <button type="button" className="button button-danger" onClick={press('kill')}>
        <KillIcon /> Kill
      </button>
      <button
        type="button"
        className="button"
        disabled={state !== 'running' || isDeploying}
        onClick={press('drain')}
      >
        <DrainIcon /> Drain
      </button>
    </div>
  );
};
