import type { ReactNode } from 'react';
import type { ClusterView } from '../live.ts';
import type { StatusOf } from './app.tsx';

interface SummaryProps {
  readonly view: ClusterView;
  readonly statusOf: StatusOf;
}

const IS_HERE: ReadonlySet<string> = new Set(['online', 'away', 'busy', 'dnd']);

/** The figures that a visitor looks at while nodes come and go. */
export const Summary = ({ view, statusOf }: SummaryProps): ReactNode => {
  const { people, nodes, seenLeaving, redis } = view;
  const here = people.filter(({ id }) => IS_HERE.has(statusOf(id))).length;
  const isKnown = people.every(({ id }) => statusOf(id) !== 'unknown');
  const simulated = people.filter(({ isSimulated }) => isSimulated).length;
  const visitors = people.length - simulated;
  const running = nodes.filter(({ state }) => state === 'running').length;
  return (
    <dl className="summary">
      <Figure name="Present" of={people.length} testId="here" value={isKnown ? here : '?'}>
        {simulated} simulated, {visitors} {visitors === 1 ? 'visitor' : 'visitors'}
      </Figure>
      <Figure name="Wrongly offline" testId="seen-leaving" value={seenLeaving}>
        who came back in time
      </Figure>
      <Figure name="Nodes running" of={nodes.length} testId="running" value={running}>
        none knows the others
      </Figure>
      <Figure name="Redis" testId="redis" value={redis.version}>
        {redis.isOwn ? 'private, ' : ''}
        {redis.address}
      </Figure>
    </dl>
  );
};

interface FigureProps {
  readonly name: string;
  readonly value: number | string;
  readonly of?: number;
  readonly testId: string;
  readonly children: ReactNode;
}

const Figure = ({ name, value, of, testId, children }: FigureProps): ReactNode => (
  <div className="figure">
    <dt>{name}</dt>
    <dd>
      <span className="figure-value" data-testid={testId}>
        {value}
      </span>
      {of !== undefined && <span className="figure-of"> of {of}</span>}
      <span className="figure-note">{children}</span>
    </dd>
  </div>
);
