import { Fragment, type ComponentType, type ReactNode } from 'react';
import type { Message } from '../messages.ts';
import { dayOf } from './days.ts';

const TIME = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** What one person says within this is one piece. */
const ONE_PIECE_MS = 5 * 60_000;

/** How the application shows somebody. */
export type Shown = ComponentType<{ readonly id: string }>;

interface MessageListProps {
  /** Oldest first; `null`: not known yet. */
  readonly messages: readonly Message[] | null;
  readonly me: string;
  readonly face: Shown;
  readonly name: Shown;
}

const goesOn = (message: Message, before: Message | undefined): boolean =>
  before?.personId === message.personId && message.sentAt - before.sentAt < ONE_PIECE_MS;

const show = (end: HTMLElement | null): void => end?.scrollIntoView({ block: 'end' });

/** What was said, each day below its name. It stays at its end, until somebody reads further up. */
export const MessageList = ({ messages, me, ...shown }: MessageListProps): ReactNode => {
  const own = messages?.findLast(({ personId }) => personId === me);
  return (
    // Reached by keyboard, so that it can be scrolled by keyboard.
    <div className="messages" role="log" aria-label="Messages" tabIndex={0}>
      {/* What stands first is the lowest. Another one for each message of one's own, so that it is seen. */}
      <div key={own?.id} ref={show} />
      {messages?.length === 0 && (
        <p className="nothing-said">Nobody has said anything here yet. Be the first.</p>
      )}
      <ol>{messages && <Days messages={messages} {...shown} />}</ol>
    </div>
  );
};

interface DaysProps extends Pick<MessageListProps, 'face' | 'name'> {
  readonly messages: readonly Message[];
}

const Days = ({ messages, ...shown }: DaysProps): ReactNode => {
  const now = Date.now();
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const day = dayOf(message.sentAt, now);
    const isNewDay = !before || dayOf(before.sentAt, now) !== day;
    return (
      <Fragment key={message.id}>
        {isNewDay && (
          <li className="day">
            <span>{day}</span>
          </li>
        )}
        <Piece message={message} goesOn={!isNewDay && goesOn(message, before)} {...shown} />
      </Fragment>
    );
  });
};

interface PieceProps extends Pick<MessageListProps, 'face' | 'name'> {
  readonly message: Message;
  /** Whether the one before is of the same piece. */
  readonly goesOn: boolean;
}

const Piece = ({ message, goesOn: isMore, face: Face, name: Name }: PieceProps): ReactNode => {
  const { personId, sentAt, text } = message;
  return (
    <li className="message" data-goes-on={isMore} data-person={personId}>
      <span className="message-side">{isMore ? null : <Face id={personId} />}</span>
      <div className="message-body">
        {!isMore && (
          <p className="message-head">
            <Name id={personId} />{' '}
            <time dateTime={new Date(sentAt).toISOString()}>{TIME.format(sentAt)}</time>
          </p>
        )}
        <p className="message-text">{text}</p>
      </div>
    </li>
  );
};
