import type { Socket } from 'socket.io';
import type { Presence } from '../../index.ts';
import { createCurrentLink, type CurrentLink } from './current-link.ts';
import { createEventVoice, refusal, type Acknowledge, type EventVoice } from './event-voice.ts';
import { QUESTIONS, type Requests } from './requests.ts';
import type { Voice } from './socket-link.ts';

/** What one socket says of presence, and what is done with it. */
export interface Conversation {
  /** An event of the socket, whatever it is about. */
  heard(event: string, given: readonly unknown[]): void;
  /** The socket is gone. */
  ended(reason: string): void;
}

interface Parts {
  readonly presence: Pick<Presence<never>, 'accept' | 'logger'>;
  readonly socket: Socket;
  /** @param auth what the hello brought to log in with */
  requestsAs(auth: unknown): Requests;
}

type Fields = Readonly<Record<string, unknown>>;

/** The protocol that the names of the events are those of. */
const PROTOCOL = 1;

const PREFIX = 'presence:';

const GOODBYE = JSON.stringify({ type: 'bye', reason: 'closed' });

const fieldsOf = (given: unknown): Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : {};

/** The last argument of an event is the acknowledgement, where one is wanted. */
const acknowledgeOf = (given: readonly unknown[]): Acknowledge => {
  const last = given.at(-1);
  return typeof last === 'function' ? (last as Acknowledge) : () => undefined;
};

/** A client of presence that speaks its own protocol over this socket: text up and down. */
const textVoice = (socket: Socket): Voice => ({
  say: ({ text }) => void socket.emit('presence', text),
  ended: () => undefined,
});

/** The frames of the protocol by name, from a socket whose login is the application's. */
const createNamed = ({ socket, requestsAs }: Parts, link: CurrentLink) => {
  let voice: EventVoice | null = null;
  let requests = requestsAs(undefined);

  const leave = (): void => {
    link.leave();
    voice?.left();
    voice = null;
  };

  const hello = async ({ auth, ...rest }: Fields, acknowledge: Acknowledge): Promise<void> => {
    leave();
    const own = createEventVoice(socket);
    const opened = link.begin(own);
    voice = own;
    requests = requestsAs(auth);
    own.opening(acknowledge);
    const answer = await requests.ticket();
    if (answer.ok) {
      const { ticket } = answer;
      link.accept(opened, JSON.stringify({ protocol: PROTOCOL, ...rest, type: 'hello', ticket }));
    } else if (voice === own) {
      own.refused(answer);
      leave();
    }
  };

  const frame = (type: string, fields: Fields, acknowledge: Acknowledge): void => {
    if (voice && link.isOpen) {
      link.send(JSON.stringify({ ...fields, type, ref: voice.asked(acknowledge) }));
    } else acknowledge(refusal('invalid_frame', 'Say presence:hello first.'));
  };

  const act = async (name: string, fields: Fields, acknowledge: Acknowledge): Promise<void> => {
    const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
    if (name === 'hello') await hello(fields, acknowledge);
    else if (question) acknowledge(await requests.ask(question, fields));
    else frame(name, fields, acknowledge);
  };

  return { act, leave, isSpoken: () => voice !== null };
};

export const createConversation = (parts: Parts): Conversation => {
  const { presence, socket } = parts;
  const link = createCurrentLink(presence, socket);
  const named = createNamed(parts, link);

  const open = (): void => {
    named.leave();
    link.accept(link.begin(textVoice(socket)));
  };

  const act = async (name: string, given: readonly unknown[]): Promise<void> => {
    const acknowledge = acknowledgeOf(given);
    try {
      if (name === 'open') open();
      else if (name === 'end') named.leave();
      else await named.act(name, fieldsOf(given[0]), acknowledge);
    } catch (err) {
      presence.logger.error({ err }, '[presence/socket.io] An event could not be acted on.');
      acknowledge(refusal('internal', 'Something went wrong here.'));
    }
  };

  return {
    heard: (event, given) => {
      if (event.startsWith(PREFIX)) void act(event.slice(PREFIX.length), given);
      else if (event === 'presence' && typeof given[0] === 'string' && !named.isSpoken()) {
        if (link.isOpen) link.send(given[0]);
      }
    },
    ended: (reason) => {
      // The page itself said that it goes; all else may be a link that was lost.
      if (reason === 'client namespace disconnect' && link.isOpen) link.send(GOODBYE);
      named.leave();
    },
  };
};
