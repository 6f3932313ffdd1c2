import type { ReactNode } from 'react';
import type { Message } from './api.ts';
import { Face } from './face.tsx';
import { usePerson } from './people-context.ts';

const TIME = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** What one person says within this is one piece. */
const ONE_PIECE_MS = 5 * 60_000;

interface PieceProps {
  readonly message: Message;
  /** Whether the one before is of the same piece. */
  readonly goesOn: boolean;
}

const Piece = ({ message, goesOn }: PieceProps): ReactNode => {
  const { name } = usePerson(message.personId);
  return (
    <li className="message" data-goes-on={goesOn} data-person={message.personId}>
      <span className="message-side">
        {goesOn ? null : <Face id={message.personId} size="medium" />}
      </span>
      <div className="message-body">
        {!goesOn && (
          <p className="message-head">
            <b>{name}</b>{' '}
            <time dateTime={new Date(message.sentAt).toISOString()}>
              {TIME.format(message.sentAt)}
            </time>
          </p>
        )}
        <p className="message-text">{message.text}</p>
      </div>
    </li>
  );
};

const goesOn = (message: Message, before: Message | undefined): boolean =>
  before?.personId === message.personId && message.sentAt - before.sentAt < ONE_PIECE_MS;

const show = (end: HTMLElement | null): void => end?.scrollIntoView({ block: 'end' });

export const MessageList = ({ messages }: { readonly messages: readonly Message[] }): ReactNode => {
  if (messages.length === 0) {
    return <p className="nothing-said">Nobody has said anything here yet. Be the first.</p>;
  }
  return (
    <div className="messages" role="log" aria-label="Messages">
      <ol>
        {messages.map((message, index) => (
          <Piece key={message.id} message={message} goesOn={goesOn(message, messages[index - 1])} />
        ))}
      </ol>
      {/* Another one after each message, so that the last is seen. */}
      <div key={messages.at(-1)?.id} ref={show} />
    </div>
  );
};
