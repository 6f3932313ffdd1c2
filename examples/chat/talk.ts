import type { Server, Socket } from 'socket.io';
import type { Login } from '@presence/example-shared/logins.ts';
import type { Messages } from '@presence/example-shared/messages.ts';
import { isRoom } from './rooms.ts';

/** Who is signed in. */
export interface Who {
  readonly userId: string;
}

type Answer = (answer: object) => void;

const wrong = (error: unknown): object => ({
  error: error instanceof TypeError ? error.message : 'That did not work.',
});

/** Answers with what `ask` comes to, or with what is wrong. */
const answerWith = async (answer: unknown, ask: () => Promise<object>): Promise<void> => {
  const told = typeof answer === 'function' ? (answer as Answer) : () => undefined;
  told(await ask().catch(wrong));
};

const roomOf = (given: unknown): string => {
  if (isRoom(given)) return given;
  throw new TypeError('There is no such room.');
};

/**
 * The chat's own events, beside those of presence on the same connection. Every page hears of the messages of every room,
 * so that a room that is not open can show that something was said.
 */
export const talkOver = (io: Server, messages: Messages): void => {
  io.on('connection', (socket: Socket) => {
    const { userId } = socket.data as Login<Who>;

    socket.on('chat:history', (given: unknown, answer: unknown) =>
      answerWith(answer, async () => ({ messages: await messages.latest(roomOf(given)) })),
    );

    socket.on('chat:send', (given: unknown, answer: unknown) =>
      answerWith(answer, async () => {
        const { room, text } = (given ?? {}) as { room?: unknown; text?: unknown };
        const message = await messages.add({ room: roomOf(room), personId: userId, text });
        io.emit('chat:message', message);
        return { message };
      }),
    );
  });
};
