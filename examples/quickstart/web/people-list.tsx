import type { ShownStatus, UserPresence } from '@presence/client';
import { usePresences } from '@presence/react';
import { useRef, type ReactNode } from 'react';
import type { Login, Person } from './api.ts';
import { PersonRow } from './person-row.tsx';
import { useGlide } from './use-glide.ts';

const HERE: readonly ShownStatus[] = ['online', 'busy', 'dnd'];

const GROUPS: readonly (readonly [title: string, statuses: readonly ShownStatus[]])[] = [
  ['Here', HERE],
  ['Away', ['away']],
  ['Offline', ['offline']],
  ['Not known right now', ['unknown']],
];

interface PeopleListProps {
  readonly login: Login;
  readonly people: readonly Person[];
  readonly selected: string;
}

interface Row {
  readonly person: Person;
  readonly presence: UserPresence;
}

const countOf = (rows: readonly Row[]): string => {
  const known = rows.filter(({ presence }) => presence.status !== 'unknown');
  const here = known.filter(({ presence }) => HERE.includes(presence.status)).length;
  return known.length === 0 ? '…' : `${here} of ${rows.length} here`;
};

export const PeopleList = ({ login, people, selected }: PeopleListProps): ReactNode => {
  const presences = usePresences(people.map(({ id }) => id));
  const rows = people
    .map((person, index): Row => ({ person, presence: presences[index] as UserPresence }))
    .sort((a, b) => a.person.name.localeCompare(b.person.name));
  const list = useRef<HTMLElement>(null);
  useGlide(list);
  return (
    <nav className="people" aria-label="People" ref={list}>
      <div className="people-head">
        <h1>People</h1>
        <span className="count" data-testid="count">
          {countOf(rows)}
        </span>
      </div>
      {GROUPS.map(([title, statuses]) => {
        const members = rows.filter(({ presence }) => statuses.includes(presence.status));
        if (members.length === 0) return null;
        return (
          <section key={title} className="group" aria-label={title}>
            <h2>
              {title} <span className="group-count">{members.length}</span>
            </h2>
            <ul>
              {members.map((row) => (
                <PersonRow
                  key={row.person.id}
                  {...row}
                  isMe={row.person.id === login.person.id}
                  isSelected={row.person.id === selected}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
};
