import { AvatarStack, TypingIndicator, useRoom } from '@presence/react';
import { useContext, type ReactNode } from 'react';
import type { Room } from './api.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { PeopleContext } from './people-context.ts';
import type { Talk } from './use-talk.ts';

interface ConversationProps {
  readonly room: Room;
  readonly talk: Talk;
  readonly me: string;
}

export const Conversation = ({ room, talk, me }: ConversationProps): ReactNode => {
  const find = useContext(PeopleContext);
  const { members } = useRoom(room.id);
  const nameOf = (id: string): string => find(id).name;
  const others = members.map(({ userId }) => userId).filter((id) => id !== me);
  return (
    <main className="conversation">
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
      <div className="conversation-scroll">
        <MessageList messages={talk.messages} />
      </div>
      <footer className="conversation-foot">
        <div className="typing" data-testid="typing">
          <TypingIndicator room={room.id} getName={nameOf} />
        </div>
        <Composer room={room} onSend={talk.send} />
      </footer>
    </main>
  );
};
