import { createPresenceClient } from '@presence/client';
import '@presence/react/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createApi } from './data/api.ts';
import { createDoor } from './data/entry.ts';
import { createToken } from './data/token.ts';
import './styles/index.css';
import { systemClock } from './system-clock.ts';

/** The page stands at `<mount>/admin`. */
const base = location.pathname.replace(/\/admin\/?$/, '');

const token = createToken(sessionStorage, (input, init) => fetch(input, init));
const api = createApi(base, token.fetch);
const door = createDoor(api, systemClock);

const createClient = (userId: string) =>
  createPresenceClient({ url: base === '' ? '/' : base, userId, fetch: token.fetch });

const root = document.getElementById('page');
if (root) {
  createRoot(root).render(
    <App
      {...{ api, door, createClient, clock: systemClock }}
      onToken={(text) => {
        token.set(text);
        void door.knock(text !== '');
      }}
    />,
  );
}
void door.knock();
