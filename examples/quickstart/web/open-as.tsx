import { useEffect, useId, useRef, type ReactNode } from 'react';
import type { Login, Person } from './api.ts';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { WindowIcon } from './icons.tsx';
import { pathOf } from './use-path.ts';

interface OpenAsProps {
  readonly login: Login;
  readonly people: readonly Person[];
}

const WINDOW = 'popup,noopener,width=1180,height=820';

const MARGIN = 8;

/** The top layer knows nothing of the button: put under it, and kept within the window. */
const placeUnder = (button: HTMLElement | null, menu: HTMLElement): void => {
  if (!button) return;
  const { left, bottom } = button.getBoundingClientRect();
  const most = document.documentElement.clientWidth - menu.offsetWidth - MARGIN;
  menu.style.left = `${Math.max(MARGIN, Math.min(left, most))}px`;
  menu.style.top = `${bottom + 6}px`;
};

/** A second window as somebody else; the platform's popover closes itself on Escape and outside. */
export const OpenAs = ({ login, people }: OpenAsProps): ReactNode => {
  const menuId = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const close = (): void => menu.current?.hidePopover();
    window.addEventListener('resize', close);
    return () => window.removeEventListener('resize', close);
  }, []);
  const others = people.filter(({ id, simulated }) => !simulated && id !== login.person.id);
  return (
    <div className="open-as">
      <button
        ref={button}
        type="button"
        className="button"
        popoverTarget={menuId}
        aria-haspopup="true"
        aria-label="Open a second window"
      >
        <WindowIcon />
        <span className="wide-only">Open a second window</span>
      </button>
      <div
        id={menuId}
        ref={menu}
        popover="auto"
        className="menu"
        aria-label="Second window"
        onToggle={({ newState, currentTarget }) => {
          if (newState === 'open') placeUnder(button.current, currentTarget);
        }}
      >
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
