export { createPresenceClient } from './client.ts';
export { webSocketTransport } from './transports/websocket.ts';
export type {
  ActivitySource,
  BrowserLike,
  ChannelLike,
  ConnectionState,
  ConnectionStatus,
  IdleState,
  JoinOptions,
  Link,
  LinkEvents,
  MyPresence,
  OnlineUsers,
  PageEvent,
  PresenceClient,
  PresenceClientEvents,
  PresenceClientOptions,
  Room,
  RoomMember,
  RoomState,
  ShownStatus,
  StatusOptions,
  Transport,
  UserPresence,
} from './types.ts';
export {
  NOT_IDLE,
  NOT_STARTED,
  UNKNOWN_ONLINE,
  UNKNOWN_ROOM,
  unknownMe,
  unknownUser,
} from './unknown.ts';
