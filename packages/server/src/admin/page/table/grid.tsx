import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import { useServerNow } from '../dashboard.ts';
import type { Listed } from '../data/held-pages.ts';
import type { Rows } from '../data/pages.ts';
import type { UsersList } from '../data/users-list.ts';
import { openUser } from '../route.ts';
import { TEXTS } from '../texts.ts';
import { AbsentRow, Row, rowId } from './row.tsx';
import { useLiveRows } from './use-live-rows.ts';
import { ROW_HEIGHT, scrollTo, showsSame, windowOf, type Window } from './window.ts';

const { table: WORDS } = TEXTS;

/** Which rows are in view, as somebody scrolls. */
const useWindow = (part: RefObject<HTMLDivElement | null>, rows: number): Window => {
  const [view, setView] = useState({ scrolled: 0, height: 600 });
  useEffect(() => {
    const element = part.current;
    if (!element) return undefined;
    const read = (): void =>
      setView((before) => {
        const now = { scrolled: element.scrollTop, height: element.clientHeight };
        return showsSame(before, now) ? before : now;
      });
    // In the frame that is scrolled: rows that came a frame later would leave a quick hand before empty places.
    const onScroll = (): void => flushSync(read);
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [part]);
  return windowOf(view, rows);
};

const STEPS: Readonly<Record<string, (row: number, page: number, end: number) => number>> = {
  ArrowDown: (row) => row + 1,
  ArrowUp: (row) => row - 1,
  PageDown: (row, page) => row + page,
  PageUp: (row, page) => row - page,
  Home: () => 0,
  End: (_row, _page, end) => end,
};

interface GridProps {
  readonly list: UsersList;
  readonly listed: Listed;
  readonly open: string | null;
}

/** The row that keys move, and the keys that do. */
const useActiveRow = (part: RefObject<HTMLDivElement | null>, rows: Rows) => {
  const [active, setActive] = useState(0);
  const onKeyDown = (event: KeyboardEvent): void => {
    const element = part.current;
    const step = STEPS[event.key];
    if (event.key === 'Enter') openUser(rows.at(active)?.userId ?? null);
    if (!element || !step || rows.length === 0) return;
    event.preventDefault();
    const page = Math.max(1, Math.floor(element.clientHeight / ROW_HEIGHT) - 1);
    const wanted = step(active, page, rows.length - 1);
    const row = Math.min(rows.length - 1, Math.max(0, wanted));
    setActive(row);
    element.scrollTo({ top: scrollTo(row, element.scrollTop, element.clientHeight) });
  };
  return { active: Math.min(active, Math.max(0, rows.length - 1)), setActive, onKeyDown };
};

const COARSE_MS = 5000;

const Head = (): ReactNode => (
  <div role="rowgroup" className="grid-head">
    <div role="row" aria-rowindex={1} className="head-row">
      {[
        ['user', WORDS.user],
        ['status', WORDS.shown],
        ['since', WORDS.since],
        ['sessions', WORDS.sessions],
        ['account', WORDS.accountColumn],
      ].map(([name, text]) => (
        <span key={name} role="columnheader" className={`cell cell-${name}`}>
          {text}
        </span>
      ))}
    </div>
  </div>
);

/** The rows in view, out of however many there are. */
export const Grid = ({ list, listed, open }: GridProps): ReactNode => {
  const part = useRef<HTMLDivElement>(null);
  const { rows, isComplete } = listed;
  const { first, last, from, to } = useWindow(part, rows.length);
  const { active, setActive, onKeyDown } = useActiveRow(part, rows);
  const now = Math.floor(useServerNow() / COARSE_MS) * COARSE_MS;
  const drawn = rows.between(from, to);
  useLiveRows(drawn, list);
  useEffect(() => list.show(first, last), [list, first, last]);
  const onOpen = useCallback(
    (index: number) => {
      setActive(index);
      openUser(list.listed.read().rows.at(index)?.userId ?? null);
    },
    [list, setActive],
  );
  return (
    <div
      className="grid"
      role="grid"
      aria-label={WORDS.label}
      aria-rowcount={isComplete ? rows.length + 1 : -1}
      aria-activedescendant={
        rows.length > 0 && active >= from && active <= to ? rowId(active) : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Head />
      <div className="grid-part" role="rowgroup" ref={part} tabIndex={-1} data-testid="rows">
        <div className="grid-rows" role="presentation" style={{ height: rows.length * ROW_HEIGHT }}>
          {drawn.map((user, offset) =>
            user ? (
              <Row
                key={user.userId}
                user={user}
                index={from + offset}
                isActive={from + offset === active}
                isOpen={user.userId === open}
                now={now}
                onOpen={onOpen}
              />
            ) : (
              <AbsentRow key={from + offset} index={from + offset} />
            ),
          )}
        </div>
        {rows.length === 0 && (
          <p className="empty">
            {listed.failure ?? (listed.isLoading ? WORDS.loading : WORDS.nobody)}
          </p>
        )}
      </div>
    </div>
  );
};
