import { useState, type ReactNode } from 'react';
import { useValue, useDashboard } from '../dashboard.ts';
import type { UsersQuery } from '../data/api.ts';
import { openUser } from '../route.ts';
import { TEXTS } from '../texts.ts';
import { count } from '../time.ts';
import { Filters } from './filters.tsx';
import { Grid } from './grid.tsx';
import { useFreshness, useUsersList } from './use-users.ts';

const EVERYBODY: UsersQuery = {};

/** Everybody, or those that are asked for. */
export const Users = ({ open }: { readonly open: string | null }): ReactNode => {
  const { stats } = useDashboard();
  const { answer } = useValue(stats);
  const [query, setQuery] = useState(EVERYBODY);
  const { list, listed } = useUsersList(query);
  useFreshness(list);
  return (
    <section
      className="card users"
      aria-label={TEXTS.table.label}
      onKeyDown={(event) => event.key === 'Escape' && openUser(null)}
    >
      <Filters query={query} byStatus={answer?.byStatus} onChange={setQuery} />
      <Grid {...{ list, listed, open }} key={JSON.stringify(query)} />
      <footer className="users-foot">
        <span role="status">
          {listed.failure ?? TEXTS.table.rows(count(listed.rows.length), listed.isComplete)}
        </span>
        <span className="spacer" />
        <span className="keys">{TEXTS.table.keys}</span>
      </footer>
    </section>
  );
};
