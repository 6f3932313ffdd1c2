import { useCallback, useState, type ReactNode } from 'react';
import { Counts } from './counts.tsx';
import { Filters } from './filters.tsx';
import { PersonPane } from './person-pane.tsx';
import { Table } from './table.tsx';
import { usePeople, type PeopleQuery } from './use-people.ts';

const FIRST: PeopleQuery = { search: '', status: '', account: '', sort: 'name', cursor: '' };

interface PagerProps {
  readonly page: number;
  readonly hasNext: boolean;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

const Pager = ({ page, hasNext, onBack, onNext }: PagerProps): ReactNode =>
  page === 1 && !hasNext ? null : (
    <nav className="pager" aria-label="Pages of people">
      <button type="button" className="button" disabled={page === 1} onClick={onBack}>
        Previous
      </button>
      <span className="fine-print">Page {page}</span>
      <button type="button" className="button" disabled={!hasNext} onClick={onNext}>
        Next
      </button>
    </nav>
  );

/** Everybody, with what an admin can do about them. */
export const PeoplePage = ({ userId }: { readonly userId: string | null }): ReactNode => {
  const [query, setQuery] = useState(FIRST);
  /** Cursors of the pages before this one. */
  const [before, setBefore] = useState<readonly string[]>([]);
  const { users, nextCursor, problem, again } = usePeople(query);

  const change = useCallback((given: Partial<PeopleQuery>) => {
    setBefore([]);
    setQuery((current) => ({ ...current, ...given, cursor: '' }));
  }, []);
  const turn = (cursors: readonly string[], cursor: string): void => {
    setBefore(cursors);
    setQuery({ ...query, cursor });
  };

  return (
    <div className="people-page" data-open={userId !== null}>
      <main className="people">
        <h1>People</h1>
        <Counts />
        <Filters query={query} onChange={change} />
        {problem && (
          <p role="alert" className="said said-bad">
            {problem.message} What you see may be old.
          </p>
        )}
        {users && users.length > 0 && <Table users={users} openId={userId} />}
        {users?.length === 0 && <p className="nobody">Nobody is like that.</p>}
        <Pager
          page={before.length + 1}
          hasNext={nextCursor !== null}
          onBack={() => turn(before.slice(0, -1), before.at(-1) ?? '')}
          onNext={() => turn([...before, query.cursor], nextCursor ?? '')}
        />
      </main>
      {userId !== null && <PersonPane key={userId} userId={userId} onChanged={again} />}
    </div>
  );
};
