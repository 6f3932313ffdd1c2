import type { ReactNode } from 'react';
import type { Person } from './api.ts';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { Mark } from '@presence/example-shared/web/mark.tsx';
import { pathOf } from './use-path.ts';

interface SignInProps {
  readonly people: readonly Person[];
  readonly problem: string | null;
  readonly onPick: (userId: string) => void;
}

export const SignIn = ({ people, problem, onPick }: SignInProps): ReactNode => (
  <main className="sign-in">
    <div className="sign-in-card">
      <Mark />
      <h1>Who are you today?</h1>
      <p className="lead">Juniper is a demo team. Pick somebody: there is no password.</p>
      {problem && (
        <p role="alert" className="problem">
          {problem} Reload the page to try again.
        </p>
      )}
      <ul className="faces">
        {people
          .filter(({ simulated }) => !simulated)
          .map((person) => (
            <li key={person.id}>
              <a
                className="face"
                href={pathOf(person.id)}
                data-user={person.id}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  onPick(person.id);
                }}
              >
                <Avatar person={person} size="large" />
                <span className="face-name">{person.name}</span>
                <span className="face-title">{person.title}</span>
              </a>
            </li>
          ))}
      </ul>
      <p className="fine-print">
        Six more colleagues are simulated by the server, and marked as such.
      </p>
    </div>
  </main>
);
