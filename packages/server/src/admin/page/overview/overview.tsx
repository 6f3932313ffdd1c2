import { STATUSES, type Status } from '@presence/core';
import type { StatsAnswer } from '@presence/core/protocol';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import { TEXTS } from '../texts.ts';
import { count, span } from '../time.ts';
import { Course } from './course.tsx';
import { Peaks } from './peaks.tsx';
import { Webhooks } from './webhooks.tsx';

const { overview: WORDS } = TEXTS;

interface CountProps {
  readonly status: Status;
  readonly answer: StatsAnswer | null;
}

/** Presence counts whom it has seen; a directory lists others as offline as well. */
const useIsPart = (status: Status): boolean =>
  useDashboard().config.directory !== null && status === 'offline';

const Count = ({ status, answer }: CountProps): ReactNode => {
  const isPart = useIsPart(status);
  return (
    <li className="count" data-count={status} title={isPart ? WORDS.seenBeforeHint : undefined}>
      <span className="count-name">
        <PresenceDot status={status} label={null} /> {TEXTS.status[status]}
        {isPart && <span className="count-part">{WORDS.seenBefore}</span>}
      </span>
      <span className="count-value">{answer ? count(answer.byStatus[status]) : '–'}</span>
    </li>
  );
};

const Fact = ({
  name,
  value,
  title,
}: {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
}): ReactNode => (
  <div className="fact" title={title}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const Health = ({ answer }: { readonly answer: StatsAnswer }): ReactNode => {
  const { node, durability } = answer;
  return (
    <section className="card health" aria-label={WORDS.health}>
      <h2>{WORDS.health}</h2>
      <dl className="facts">
        <Fact name={WORDS.state} value={node.isDraining ? WORDS.draining : WORDS.serving} />
        <Fact
          name={WORDS.store}
          value={WORDS.durability[durability]}
          title={WORDS.durabilityHint[durability]}
        />
        <Fact name={WORDS.connections} value={count(node.connections)} />
        <Fact name={WORDS.sessions} value={count(node.sessions)} />
        <Fact name={WORDS.leaving} value={count(node.leaving)} />
        <Fact name={WORDS.stalled} value={node.stalledMs < 1000 ? '0 s' : span(node.stalledMs)} />
      </dl>
    </section>
  );
};

/** How many users there are of each status, how that went, and how the node is that answered. */
export const Overview = (): ReactNode => {
  const { stats, config } = useDashboard();
  const { answer, samples } = useValue(stats);
  if (!config.may['admin:stats:read']) {
    return <p className="card refused-part">{TEXTS.lacking(['admin:stats:read'])}</p>;
  }
  return (
    <div className="overview" data-testid="overview">
      <section className="card counts" aria-label={WORDS.label}>
        <div className="present">
          <h2>{WORDS.present}</h2>
          <p className="present-value" data-testid="present">
            {answer ? count(answer.count) : '–'}
          </p>
          {answer !== null && answer.hidden > 0 && (
            <p className="fine">{WORDS.hidden(count(answer.hidden))}</p>
          )}
        </div>
        <ul className="count-list">
          {STATUSES.map((status) => (
            <Count key={status} {...{ status, answer }} />
          ))}
        </ul>
      </section>
      <Course samples={samples} />
      {answer && <Health answer={answer} />}
      <Peaks />
      <Webhooks />
    </div>
  );
};
