import type { OnlineUsers } from '@presence/client';
import { useOnlineUsers } from '@presence/react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import type { Member } from '../api.ts';
import { SearchIcon } from '../icons.tsx';
import { useHere } from '../workspace-context.ts';
import { DirectoryRow } from './directory-row.tsx';
import { PageHead } from './page-head.tsx';

const ROW_HEIGHT = 60;

/** Rows that are ready beyond those on screen. */
const OVERSCAN = 8;

const matches = ({ name, title, place }: Member, words: readonly string[]): boolean => {
  const text = `${name} ${title} ${place}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** `null`: everybody, whether they are here or not. */
type Only = ReadonlySet<string> | null;

/** Narrowed, so that a page which shows everybody is not drawn again whenever somebody comes or goes. */
const hereOf = ({ users }: OnlineUsers): string => users.map(({ userId }) => userId).join(' ');
const nothing = (): string => '';

const useFound = (search: string, only: Only): readonly Member[] => {
  const { byName } = useHere();
  return useMemo(() => {
    const words = search.toLowerCase().split(' ').filter(Boolean);
    return byName.filter((member) => matches(member, words) && (only?.has(member.id) ?? true));
  }, [byName, search, only]);
};

/** Everybody of the organisation. However long the list is, only who is on screen is watched. */
export const DirectoryPage = (): ReactNode => {
  const { organisation } = useHere();
  const [search, setSearch] = useState('');
  const [isHereOnly, setHereOnly] = useState(false);
  const here = useOnlineUsers(isHereOnly ? hereOf : nothing);
  const only = useMemo(() => (isHereOnly ? new Set(here.split(' ')) : null), [isHereOnly, here]);
  const found = useFound(search, only);
  return (
    <div className="page directory">
      <PageHead
        title="Directory"
        note={`Everybody at ${organisation.name}, ${organisation.members.length.toLocaleString('en')} people`}
      />
      <search className="directory-tools">
        <label className="search">
          <SearchIcon />
          <span className="hidden">Search</span>
          <input
            type="search"
            placeholder="Name, team or place"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <label className="toggle">
          <input
            type="checkbox"
            checked={isHereOnly}
            onChange={({ target }) => setHereOnly(target.checked)}
          />
          Here now
        </label>
        <span className="directory-count" data-testid="found" role="status">
          {found.length.toLocaleString('en')} {found.length === 1 ? 'person' : 'people'}
        </span>
      </search>
      <Rows
        members={found}
        nobody={
          isHereOnly ? 'Nobody of them is here now.' : 'Nobody is called that, or works there.'
        }
      />
    </div>
  );
};

interface RowsProps {
  readonly members: readonly Member[];
  /** What is said where there is none. */
  readonly nobody: string;
}

const Rows = ({ members, nobody }: RowsProps): ReactNode => {
  const scroller = useRef<HTMLElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this page
  const rows = useVirtualizer({
    count: members.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => members[index]?.id ?? index,
  });
  return (
    <main className="directory-rows" ref={scroller} tabIndex={-1} data-testid="directory">
      {members.length === 0 && <p className="nobody">{nobody}</p>}
      <ul data-place="directory" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const member = members[index];
          return member && <DirectoryRow key={key} member={member} top={start} />;
        })}
      </ul>
    </main>
  );
};
