import { useConnection } from '@presence/react';
import type { ReactNode } from 'react';
import { useDashboard, useValue } from './dashboard.ts';
import { Mark } from './icons.tsx';
import { Overview } from './overview/overview.tsx';
import { openUser, useOpenUser } from './route.ts';
import { Users } from './table/users.tsx';
import { TEXTS } from './texts.ts';
import { span } from './time.ts';
import { UserPane } from './user/user-pane.tsx';

const Connection = (): ReactNode => {
  const { status, transport } = useConnection();
  const { stats } = useDashboard();
  const { isSilent } = useValue(stats);
  const words = TEXTS.connection;
  const [tone, text] = isSilent
    ? ['bad', words.lost]
    : status !== 'connected'
      ? ['waiting', words.waiting]
      : transport === 'http'
        ? ['waiting', words.polling]
        : ['good', words.connected];
  return (
    <span className={`pill pill-${tone}`} role="status" data-connection={status} data-tone={tone}>
      <span className="pill-light" aria-hidden="true" />
      {text}
    </span>
  );
};

const Silent = (): ReactNode => {
  const { stats, now } = useDashboard();
  const { isSilent, answeredAt } = useValue(stats);
  const local = useValue(now);
  if (!isSilent || answeredAt === null) return null;
  return (
    <p className="banner" role="alert">
      {TEXTS.silent(span(local - answeredAt))}
    </p>
  );
};

/** Keys go on in the table, where they came from. */
const closeUser = (): void => {
  openUser(null);
  document.querySelector<HTMLElement>('.grid')?.focus();
};

/** The page: its bar, the counts, the table, and beside it whoever is open. */
export const Shell = (): ReactNode => {
  const { config } = useDashboard();
  const open = useOpenUser();
  const { userId, tenant } = config.viewer;
  return (
    <div className="shell">
      <header className="bar">
        <h1 className="sr-only">
          {TEXTS.title} {TEXTS.subtitle}
        </h1>
        <a className="brand" href="#/">
          <Mark />
          {TEXTS.title} <span className="brand-part">{TEXTS.subtitle}</span>
        </a>
        {tenant !== 'default' && <span className="badge">{tenant}</span>}
        <span className="spacer" />
        <Connection />
        <span className="viewer">{TEXTS.viewer(userId)}</span>
      </header>
      <Silent />
      <main className="content">
        <div className="left">
          <Overview />
          <Users open={open} />
        </div>
        {open !== null && <UserPane key={open} userId={open} onClose={closeUser} />}
      </main>
    </div>
  );
};
