import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { loadDoors, type Door } from '../api.ts';
import { Crest } from '../crest.tsx';
import { PlusIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { remembered } from '../remembered.ts';
import { useHere } from '../workspace-context.ts';

/** The organisations that this browser is signed in to. */
export const Rail = (): ReactNode => {
  const { organisation } = useHere();
  const [doors, setDoors] = useState<readonly Door[]>([]);
  useEffect(() => {
    loadDoors().then(setDoors, () => undefined);
  }, []);
  const signedIn = remembered();
  return (
    <nav className="rail" aria-label="Organisations">
      {doors
        .filter(({ id }) => signedIn.includes(id))
        .map(({ id, name, hue }) => (
          <Link key={id} to={`/${id}`} className="rail-item" isCurrent={id === organisation.id}>
            <Crest name={name} hue={hue} />
            <span className="hidden">{name}</span>
          </Link>
        ))}
      <Link to="/" className="rail-item rail-more">
        <PlusIcon />
        <span className="hidden">Another organisation</span>
      </Link>
    </nav>
  );
};
