import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';

export interface Message {
  readonly id: string;
  readonly room: string;
  readonly personId: string;
  readonly text: string;
  /** Epoch ms. */
  readonly sentAt: number;
}

/** The table of messages, which an application has beside its own. */
export interface MessageTables {
  readonly chat_message: {
    readonly id: string;
    readonly room: string;
    readonly person_id: string;
    readonly text: string;
    readonly sent_at: number;
  };
}

/** Everything that was said. */
export interface Messages {
  /**
   * Without `sentAt` it is said now.
   *
   * @throws TypeError for what is no text
   */
  add(
    message: Pick<Message, 'room' | 'personId'> & {
      readonly text: unknown;
      readonly sentAt?: number;
    },
  ): Promise<Message>;
  /** The last ones of a room, oldest first. */
  latest(room: string): Promise<readonly Message[]>;
}

const LONGEST_TEXT = 1000;
const PAGE = 100;

/** Makes the table where the database lacks it. */
const prepare = async (db: Kysely<MessageTables>): Promise<void> => {
  await db.schema
    .createTable('chat_message')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('chat_message_room')
    .ifNotExists()
    .on('chat_message')
    .columns(['room', 'sent_at'])
    .execute();
};

const textOf = (given: unknown): string => {
  const text = typeof given === 'string' ? given.trim() : '';
  if (text.length >= 1 && text.length <= LONGEST_TEXT) return text;
  throw new TypeError(`A message has 1 to ${LONGEST_TEXT} characters.`);
};

/** Messages in the application's own database. */
export const openMessages = async (db: Kysely<MessageTables>): Promise<Messages> => {
  await prepare(db);
  let last = 0;
  /** Never the same twice: their order is that in which they were said. */
  const nextInstant = (): number => (last = Math.max(last + 1, Date.now()));

  return {
    add: async ({ room, personId, text: given, sentAt = nextInstant() }) => {
      const text = textOf(given);
      const message: Message = { id: randomUUID(), room, personId, text, sentAt };
      await db
        .insertInto('chat_message')
        .values({ id: message.id, room, person_id: personId, text, sent_at: sentAt })
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
  };
};
