import { WebSocket } from 'ws';
import type { HeartbeatResponse, TicketAnswer, UsersAnswer } from '@presence/core/protocol';
import { ask, type Answer } from './crowd/ask.ts';
import type { Target } from './crowd/person.ts';
import type { Stage } from './stage.ts';

const codeOf = ({ status, body }: Answer): string => {
  const { error } = (body ?? {}) as { error?: { code: string } };
  return error ? `${status} ${error.code}` : String(status);
};

/** The close code that a hello comes to; `welcomed` where it was taken. */
const helloTo = ({ port }: Target, hello: object): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/presence/socket`);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1, ...hello })));
    socket.on('message', (content: Buffer) => {
      if (!content.toString().startsWith('{"type":"welcome"')) return;
      resolve('welcomed');
      socket.send(JSON.stringify({ type: 'bye', reason: 'signed-out' }));
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => resolve(String(code)));
  });

const ticketOn = async ({ port }: Target, userId: string): Promise<string> =>
  ((await ask(port, userId, 'POST', '/ticket', {})).body as TicketAnswer).ticket;

const beat = (to: Target, userId: string, content: object): Promise<Answer> =>
  ask(to.port, userId, 'POST', '/heartbeat', content);

const statusOn = async ({ port }: Target, user: string): Promise<string> => {
  const { body } = await ask(port, 'reader@fences', 'POST', '/users/query', {
    userIds: [user.slice(0, user.indexOf('@'))],
  });
  return (body as UsersAnswer).presences[0]!.status;
};

/** In a tenant of their own, so that nobody counts them. S12: what comes late or from nowhere is refused by every node, also by one that never heard of it. */
export const attemptWhatIsForbidden = async ({ nodes, history }: Stage): Promise<void> => {
  const targets = nodes.running();
  const [here, there] = [targets[0]!, targets.at(-1)!];
  const attempt = async (what: string, wanted: string, got: Promise<string>): Promise<void> => {
    history.attempts.push({ what, wanted, got: await got, at: Date.now() });
  };

  await attempt(
    'a socket of an unknown session',
    '4409',
    helloTo(here, { ticket: await ticketOn(here, 'stranger@fences'), sessionId: 'never-was' }),
  );
  const ticket = await ticketOn(here, 'twice@fences');
  await attempt('a ticket', 'welcomed', helloTo(here, { ticket }));
  await attempt('the same ticket on another node', '4401', helloTo(there, { ticket }));

  const opened = await beat(here, 'fenced@fences', {});
  const { sessionId, generation } = opened.body as HeartbeatResponse;
  const again = await beat(there, 'fenced@fences', { sessionId, seq: 0 });
  const next = (again.body as HeartbeatResponse).generation;
  const late = beat(here, 'fenced@fences', { sessionId, generation, seq: 5 });
  await attempt('a beat of the previous connection', '409 session_gone', late.then(codeOf));
  const fresh = beat(here, 'fenced@fences', { sessionId, generation: next, seq: 1 });
  await attempt('a beat of this connection on another node', '200', fresh.then(codeOf));

  await ask(there.port, 'fenced@fences', 'POST', '/leave', { sessionId, reason: 'signed-out' });
  const after = beat(here, 'fenced@fences', { sessionId, generation: next, seq: 2 });
  await attempt('a beat after signing out', '409 session_gone', after.then(codeOf));
  await attempt('whoever signed out, read elsewhere', 'offline', statusOn(there, 'fenced@fences'));
  await attempt('a stranger', 'offline', statusOn(there, 'stranger@fences'));
};
