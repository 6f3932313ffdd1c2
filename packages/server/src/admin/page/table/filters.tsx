import { ACCOUNTS, STATUSES, type Account, type Status } from '@presence/core';
import { PresenceDot } from '@presence/react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import type { UsersQuery } from '../data/api.ts';
import { SearchIcon } from '../icons.tsx';
import { TEXTS } from '../texts.ts';
import { count } from '../time.ts';

const { table: WORDS } = TEXTS;

/** A status is looked for in the store and a name in the directory, one at a time, unless that knows both. */
const useOthers = (query: UsersQuery): UsersQuery => {
  const { directory } = useDashboard().config;
  return directory?.filters.includes('status') ? query : { ...query, status: undefined };
};

interface FiltersProps {
  readonly query: UsersQuery;
  readonly byStatus: Readonly<Record<Status, number>> | undefined;
  onChange(query: UsersQuery): void;
}

const TYPED_MS = 250;

const Search = ({ query, onChange }: Omit<FiltersProps, 'byStatus'>): ReactNode => {
  const { clock } = useDashboard();
  const others = useOthers(query);
  const input = useRef<HTMLInputElement>(null);
  const cancel = useRef<() => void>(() => undefined);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.matches('input, select, textarea');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <label className="search">
      <SearchIcon />
      <span className="sr-only">{WORDS.search}</span>
      <input
        ref={input}
        type="search"
        className="field"
        placeholder={WORDS.search}
        defaultValue={query.search}
        maxLength={100}
        onChange={({ target: { value } }) => {
          cancel.current();
          const search = value.trim() === '' ? undefined : value.trim();
          const next = { ...others, search };
          cancel.current = clock.after(TYPED_MS, () => onChange(next));
        }}
      />
    </label>
  );
};

const StatusFilter = ({ query, byStatus, onChange }: FiltersProps): ReactNode => {
  const { directory } = useDashboard().config;
  const isOfDirectory = directory?.filters.includes('status') === true;
  const others = isOfDirectory ? query : {};
  // A directory lists more people as offline than presence has seen, and so counts.
  const isCounted = (status: Status): boolean => status !== 'offline' || !isOfDirectory;
  return (
    <div className="segments" role="group" aria-label={WORDS.filterLabel}>
      {([undefined, ...STATUSES] as const).map((status) => (
        <button
          key={status ?? ''}
          type="button"
          className="segment"
          aria-pressed={query.status === status}
          data-filter={status ?? 'all'}
          onClick={() => onChange({ ...others, status })}
        >
          {status && <PresenceDot status={status} label={null} />}
          <span className="segment-name">{status ? TEXTS.status[status] : WORDS.everybody}</span>
          {status && byStatus && isCounted(status) && (
            <span className="segment-count">{count(byStatus[status])}</span>
          )}
        </button>
      ))}
    </div>
  );
};

const Choice = ({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  onChange(value: string): void;
}): ReactNode => (
  <label className="choice">
    <span className="sr-only">{label}</span>
    <select className="field" value={value} onChange={({ target }) => onChange(target.value)}>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

/** What the table is asked for: only what the application's list of users declares. */
export const Filters = (props: FiltersProps): ReactNode => {
  const { directory } = useDashboard().config;
  const { query, onChange } = props;
  const others = useOthers(query);
  const { sorts = [], filters = [] } = directory ?? {};
  return (
    <div className="filters">
      {filters.includes('search') && <Search {...props} key={query.status ?? ''} />}
      <StatusFilter {...props} />
      {filters.includes('account') && (
        <Choice
          label={WORDS.accountLabel}
          value={query.account ?? ''}
          options={[['', WORDS.anyAccount], ...ACCOUNTS.map((a) => [a, TEXTS.account[a]] as const)]}
          onChange={(value) => {
            const account = value === '' ? undefined : (value as Account);
            onChange({ ...others, account });
          }}
        />
      )}
      {sorts.length > 1 && (
        <Choice
          label={WORDS.sortLabel}
          value={query.sort ?? sorts[0] ?? ''}
          options={sorts.map((sort) => [sort, WORDS.sortBy(sort)] as const)}
          onChange={(sort) => onChange({ ...others, sort })}
        />
      )}
    </div>
  );
};
