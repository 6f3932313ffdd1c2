import { PresenceProvider, useConnection } from '@presence/react';
import { useTalk } from '@presence/example-shared/web/use-talk.ts';
import { useEffect, useState, type ReactNode } from 'react';
import type { House as Told, Login } from './api.ts';
import { connect, type Connection } from './connection.ts';
import { Conversation } from './conversation.tsx';
import { Guests } from './guests.tsx';
import { PeopleContext } from './people-context.ts';
import { RoomList } from './room-list.tsx';
import { Stopped } from './stopped.tsx';
import { useHash } from './use-hash.ts';
import { usePeople } from './use-people.ts';

interface HouseProps {
  readonly login: Login;
  readonly told: Told;
  readonly onLeave: () => void;
}

interface RoomsProps extends HouseProps {
  readonly connection: Connection;
}

const Rooms = ({ login, told, connection, onLeave }: RoomsProps): ReactNode => {
  const hash = useHash();
  const { status } = useConnection();
  const room = told.rooms.find(({ id }) => id === hash) ?? told.rooms[0]!;
  const me = login.person.id;
  const talk = useTalk({ line: connection.line, room: room.id, me });
  if (status === 'stopped') return <Stopped />;
  return (
    <div className="house" data-view={hash === '' ? 'rooms' : 'room'}>
      <RoomList rooms={told.rooms} open={room.id} unread={talk.unread} onLeave={onLeave} />
      <Conversation key={room.id} room={room} talk={talk} me={me} />
      <Guests room={room} me={me} />
    </div>
  );
};

/** Everything behind the door. The provider starts the client, and stops it on leaving. */
export const House = (props: HouseProps): ReactNode => {
  const { login, told, onLeave } = props;
  const [connection] = useState(() => connect(login));
  const find = usePeople(login, told.people);
  const { socket, client } = connection;

  useEffect(() => {
    socket.connect();
    return () => void socket.disconnect();
  }, [socket]);

  const leave = (): void => void client.signOut().then(onLeave);

  return (
    <PresenceProvider client={client}>
      <PeopleContext value={find}>
        <title>{`${login.person.name} · Porchlight`}</title>
        <Rooms {...props} connection={connection} onLeave={leave} />
      </PeopleContext>
    </PresenceProvider>
  );
};
