import type { ReactNode } from 'react';
import { CloseIcon, MouseIcon, ServerIcon, WindowIcon } from './icons.tsx';

const HINTS: readonly (readonly [icon: ReactNode, title: string, text: string])[] = [
  [<WindowIcon key="i" />, 'Open a second window', 'Be two people at once.'],
  [<MouseIcon key="i" />, 'Leave this page alone', 'Away after 30 s, back at once.'],
  [<CloseIcon key="i" />, 'Close the tab', 'Offline after 5 s; a reload is not seen.'],
  [<ServerIcon key="i" />, 'Kill the server', 'Start it again: all come back.'],
];

export const Hints = (): ReactNode => (
  <aside className="hints" aria-label="Things to try">
    <h2 className="hints-title">Try this</h2>
    <ul>
      {HINTS.map(([icon, title, text]) => (
        <li key={title} className="hint">
          <span className="hint-icon">{icon}</span>
          <span className="hint-name">{title}</span>
          <span className="hint-text">{text}</span>
        </li>
      ))}
    </ul>
  </aside>
);
