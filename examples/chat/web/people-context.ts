import { createContext, useContext } from 'react';
import type { Person } from './api.ts';

/** Finds somebody by id. Who came in after the page was loaded is asked for once they are seen. */
export type FindPerson = (id: string) => Person;

export const PeopleContext = createContext<FindPerson>((id) => ({
  id,
  name: '…',
  hue: 0,
  isPlayed: false,
}));

export const usePerson = (id: string): Person => useContext(PeopleContext)(id);
