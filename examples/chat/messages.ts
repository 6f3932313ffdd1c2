import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

export interface Message {
  readonly id: string;
  readonly room: string;
  readonly personId: string;
  readonly text: string;
  /** Epoch ms. */
  readonly sentAt: number;
}

/** Everything that was said. */
export interface Messages {
  /** @throws TypeError for what is no text */
  add(message: Pick<Message, 'room' | 'personId'> & { readonly text: unknown }): Promise<Message>;
  /** The last ones of a room, oldest first. */
  latest(room: string): Promise<readonly Message[]>;
}

const LONGEST_TEXT = 1000;
const PAGE = 100;

export const createMessages = (db: Database): Messages => ({
  add: async ({ room, personId, text: given }) => {
    const text = typeof given === 'string' ? given.trim() : '';
    if (text.length < 1 || text.length > LONGEST_TEXT) {
      throw new TypeError(`A message has 1 to ${LONGEST_TEXT} characters.`);
    }
    const message: Message = { id: randomUUID(), room, personId, text, sentAt: Date.now() };
    await db
      .insertInto('chat_message')
      .values({ id: message.id, room, person_id: personId, text, sent_at: message.sentAt })
      .execute();
    return message;
  },
  latest: async (room) => {
    const rows = await db
      .selectFrom('chat_message')
      .selectAll()
      .where('room', '=', room)
      .orderBy('sent_at', 'desc')
      .limit(PAGE)
      .execute();
    return rows
      .map(({ person_id: personId, sent_at: sentAt, id, text }) => ({
        id,
        room,
        personId,
        text,
        sentAt,
      }))
      .reverse();
  },
});
