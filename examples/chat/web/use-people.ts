import { useCallback, useEffect, useRef, useState } from 'react';
import { loadHouse, type Login, type Person } from './api.ts';
import type { FindPerson } from './people-context.ts';

const stranger = (id: string): Person => ({ id, name: 'Somebody new', hue: 0, isPlayed: false });

/** Knows everybody, and asks again once for each who is seen and not known. */
export const usePeople = (login: Login, known: readonly Person[]): FindPerson => {
  const [people, setPeople] = useState(() => new Map(known.map((person) => [person.id, person])));
  const [asked, setAsked] = useState(0);
  const missing = useRef(new Set<string>());

  useEffect(() => {
    if (asked === 0) return;
    loadHouse(login).then(
      (house) => setPeople(new Map(house.people.map((person) => [person.id, person]))),
      () => undefined,
    );
  }, [login, asked]);

  return useCallback(
    (id) => {
      const person = people.get(id);
      if (person) return person;
      if (!missing.current.has(id)) {
        missing.current.add(id);
        // Not while a component renders.
        queueMicrotask(() => setAsked((count) => count + 1));
      }
      return stranger(id);
    },
    [people],
  );
};
