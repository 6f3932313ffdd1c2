import { useEffect, useState, type ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { loadDoors, signIn, type Door } from '../api.ts';
import { Crest } from '../crest.tsx';
import { remembered } from '../remembered.ts';
import { Link } from '../link.tsx';
import { goTo } from '../route.ts';

interface DoorPageProps {
  /** Id of an organisation; `''`: none yet. */
  readonly chosen: string;
  readonly problem: string | null;
  readonly onSignedIn: (organisation: string) => void;
}

/** Where somebody chooses an organisation, and says who they are in it. */
export const DoorPage = ({ chosen, problem, onSignedIn }: DoorPageProps): ReactNode => {
  const [doors, setDoors] = useState<readonly Door[]>([]);
  const [failure, setFailure] = useState(problem);
  useEffect(() => {
    loadDoors().then(setDoors, (error: Error) => setFailure(error.message));
  }, []);
  const door = doors.find(({ id }) => id === chosen);

  const enter = async (organisation: string, userId: string): Promise<void> => {
    try {
      await signIn(organisation, userId);
      onSignedIn(organisation);
    } catch (error) {
      setFailure((error as Error).message);
    }
  };

  return (
    <main className="door">
      <title>{door ? `Sign in to ${door.name}` : 'Workspace'}</title>
      <div className="door-card">
        {failure && (
          <p role="alert" className="problem">
            {failure} Reload the page to try again.
          </p>
        )}
        {door ? (
          <People door={door} onPick={(userId) => void enter(door.id, userId)} />
        ) : (
          <Organisations doors={doors} />
        )}
      </div>
    </main>
  );
};

const Organisations = ({ doors }: { readonly doors: readonly Door[] }): ReactNode => {
  const signedIn = remembered();
  return (
    <>
      <h1>Where do you work today?</h1>
      <p className="lead">
        Each organisation has a sign-in of its own, and sees nothing of the others.
      </p>
      <ul className="choices">
        {doors.map(({ id, name, trade, hue }) => (
          <li key={id}>
            <Link to={`/${id}`} className="choice">
              <Crest name={name} hue={hue} size="large" />
              <span>
                <span className="choice-name">{name}</span>
                <span className="choice-note">{trade}</span>
              </span>
              {signedIn.includes(id) && <span className="badge">Signed in</span>}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
};

interface PeopleProps {
  readonly door: Door;
  readonly onPick: (userId: string) => void;
}

const People = ({ door, onPick }: PeopleProps): ReactNode => (
  <>
    <Crest name={door.name} hue={door.hue} size="large" />
    <h1>Sign in to {door.name}</h1>
    <p className="lead">This is a demo: pick somebody, there is no password.</p>
    <ul className="choices">
      {door.people.map((person) => (
        <li key={person.id}>
          <button type="button" className="choice" onClick={() => onPick(person.id)}>
            <Avatar person={person} size="medium" />
            <span>
              <span className="choice-name">{person.name}</span>
              <span className="choice-note">{person.title}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
    <button type="button" className="text-button" onClick={() => goTo('/')}>
      Another organisation
    </button>
  </>
);
