// One person's own page: it says whether they are there, and that their account is blocked once it is.
import { createPresenceClient } from '@presence/client';

const userId = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');

const client = createPresenceClient({
  url: '/presence',
  userId,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${userId}`);
    return fetch(input, { ...init, headers });
  },
});

const show = (): void => {
  const { status, error } = client.getConnection();
  document.body.textContent = error ? `${status}: ${error.code}` : status;
};

client.on('connection', show);
client.start();
show();
