import { StatusPicker, useMyPresence } from '@presence/react';
import { ConnectionPill } from '@presence/example-shared/web/connection-pill.tsx';
import type { ReactNode } from 'react';
import type { Room } from './api.ts';
import { Lamp } from './lamp.tsx';

interface RoomListProps {
  readonly rooms: readonly Room[];
  readonly open: string;
  readonly unread: ReadonlySet<string>;
  readonly onLeave: () => void;
}

interface RowProps {
  readonly room: Room;
  readonly isOpen: boolean;
  readonly isUnread: boolean;
}

const Row = ({ room, isOpen, isUnread }: RowProps): ReactNode => (
  <li>
    <a
      className="room"
      href={`#${room.id}`}
      aria-current={isOpen ? 'page' : undefined}
      data-room={room.id}
      data-unread={isUnread}
    >
      <span className="room-hash" aria-hidden="true">
        #
      </span>
      <span className="room-name">{room.name}</span>
      {isUnread && (
        <span className="room-new">
          <span className="presence-sr-only">has new messages</span>
        </span>
      )}
    </a>
  </li>
);

const Own = (): ReactNode => {
  const { presence } = useMyPresence();
  return (
    <div className="own" data-testid="my-status" data-status={presence.status}>
      <StatusPicker className="own-picker" placement="above" />
    </div>
  );
};

export const RoomList = ({ rooms, open, unread, onLeave }: RoomListProps): ReactNode => (
  <nav className="rooms" aria-label="Rooms">
    <div className="rooms-head">
      <a className="brand" href="#">
        <Lamp size={28} />
        Porchlight
      </a>
      <ConnectionPill />
    </div>
    <h2>Rooms</h2>
    <ul>
      {rooms.map((room) => (
        <Row key={room.id} room={room} isOpen={room.id === open} isUnread={unread.has(room.id)} />
      ))}
    </ul>
    <span className="spacer" />
    <Own />
    <button type="button" className="button leave" onClick={onLeave}>
      Leave the house
    </button>
  </nav>
);
