import { AvatarStack, useRoom } from '@presence/react';
import { Composer } from '@presence/example-shared/web/composer.tsx';
import { MessageList, type Shown } from '@presence/example-shared/web/message-list.tsx';
import type { Talk } from '@presence/example-shared/web/use-talk.ts';
import { useContext, type ReactNode } from 'react';
import type { Room } from './api.ts';
import { Face } from './face.tsx';
import { PeopleContext, usePerson } from './people-context.ts';

interface ConversationProps {
  readonly room: Room;
  readonly talk: Talk;
  readonly me: string;
}

const Author: Shown = ({ id }) => <Face id={id} size="medium" />;

const AuthorName: Shown = ({ id }) => <b className="message-name">{usePerson(id).name}</b>;

export const Conversation = ({ room, talk, me }: ConversationProps): ReactNode => {
  const find = useContext(PeopleContext);
  const { members } = useRoom(room.id);
  const nameOf = (id: string): string => find(id).name;
  const others = members.map(({ userId }) => userId).filter((id) => id !== me);
  return (
    <main className="talk">
      <header className="conversation-head">
        <a className="back" href="#" aria-label="All rooms">
          ‹
        </a>
        <div className="conversation-title">
          <h1># {room.name}</h1>
          <p>{room.topic}</p>
        </div>
        <AvatarStack userIds={others} getName={nameOf} limit={4} />
      </header>
      <MessageList messages={talk.messages} me={me} face={Author} name={AuthorName} />
      <Composer room={room.id} getName={nameOf} onSend={talk.send} />
    </main>
  );
};
