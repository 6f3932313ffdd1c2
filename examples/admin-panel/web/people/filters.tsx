import { useEffect, useState, type ReactNode } from 'react';
import { SearchIcon } from '../icons.tsx';
import { Select, type Choice } from '../select.tsx';
import type { PeopleQuery } from './use-people.ts';

interface FiltersProps {
  readonly query: PeopleQuery;
  readonly onChange: (change: Partial<PeopleQuery>) => void;
}

const STATUSES: readonly Choice[] = [
  ['', 'Any status'],
  ['online,away,busy,dnd', 'Here'],
  ['online', 'Online'],
  ['away', 'Away'],
  ['busy,dnd', 'Busy'],
  ['offline', 'Offline'],
];

const ACCOUNTS: readonly Choice[] = [
  ['', 'Any account'],
  ['active', 'Active'],
  ['pending', 'Waiting'],
  ['suspended', 'Suspended'],
  ['banned', 'Banned'],
  ['inactive', 'Switched off'],
];

/** Each is an index of the users' table or of presence. */
const SORTS: readonly Choice[] = [
  ['name', 'By name'],
  ['-name', 'By name, Z to A'],
  ['-lastSeen', 'Last seen first'],
  ['lastSeen', 'Longest gone first'],
];

const TYPING_MS = 250;

/** The server is asked when somebody stops typing, not at each letter. */
const Search = ({ query, onChange }: FiltersProps): ReactNode => {
  const [text, setText] = useState(query.search);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === query.search) return;
    const timer = setTimeout(() => onChange({ search: wanted }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [wanted, query.search, onChange]);
  return (
    <label className="search">
      <SearchIcon />
      <input
        type="search"
        className="input"
        aria-label="Search"
        placeholder="Name or e-mail"
        value={text}
        maxLength={100}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
};

export const Filters = ({ query, onChange }: FiltersProps): ReactNode => (
  <div className="filters" role="search">
    <Search query={query} onChange={onChange} />
    <Select
      label="Status"
      value={query.status}
      choices={STATUSES}
      onChange={(status) => onChange({ status })}
    />
    <Select
      label="Account"
      value={query.account}
      choices={ACCOUNTS}
      onChange={(account) => onChange({ account })}
    />
    <Select
      label="Order"
      value={query.sort}
      choices={SORTS}
      onChange={(sort) => onChange({ sort })}
    />
  </div>
);
