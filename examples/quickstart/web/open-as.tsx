import { useId, useRef, type ReactNode } from 'react';
import type { Login, Person } from './api.ts';
import { Avatar } from './avatar.tsx';
import { WindowIcon } from './icons.tsx';
import { pathOf } from './use-path.ts';

interface OpenAsProps {
  readonly login: Login;
  readonly people: readonly Person[];
}

const WINDOW = 'popup,noopener,width=1180,height=820';

/** A second window as somebody else; the platform's popover closes itself on Escape and outside. */
export const OpenAs = ({ login, people }: OpenAsProps): ReactNode => {
  const menuId = useId();
  const menu = useRef<HTMLDivElement>(null);
  const others = people.filter(({ id, simulated }) => !simulated && id !== login.person.id);
  return (
    <div className="open-as">
      <button
        type="button"
        className="button"
        popoverTarget={menuId}
        aria-haspopup="true"
        aria-label="Open a second window"
      >
        <WindowIcon />
        <span className="wide-only">Open a second window</span>
      </button>
      <div id={menuId} ref={menu} popover="auto" className="menu" aria-label="Second window">
        <p className="menu-title">Open a second window as …</p>
        {others.map((person) => (
          <a
            key={person.id}
            className="menu-item"
            href={pathOf(person.id)}
            target="_blank"
            rel="noopener"
            data-open-as={person.id}
            onClick={(event) => {
              menu.current?.hidePopover();
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              window.open(pathOf(person.id), '_blank', WINDOW);
            }}
          >
            <Avatar person={person} size="small" />
            {person.name}
          </a>
        ))}
      </div>
    </div>
  );
};
