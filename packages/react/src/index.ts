'use client';

export { AvatarStack, type AvatarStackProps } from './components/avatar-stack.tsx';
export { LastSeen, type LastSeenProps } from './components/last-seen.tsx';
export {
  OnlineUsersList,
  type ListedUser,
  type OnlineUsersListProps,
} from './components/online-users-list.tsx';
export { PresenceDot, type PresenceDotProps } from './components/presence-dot.tsx';
export { StatusPicker, type StatusPickerProps } from './components/status-picker.tsx';
export { TypingIndicator, type TypingIndicatorProps } from './components/typing-indicator.tsx';
export {
  UserStatusIndicator,
  type UserStatusIndicatorProps,
} from './components/user-status-indicator.tsx';
export { useConnection } from './hooks/use-connection.ts';
export { useIdle } from './hooks/use-idle.ts';
export { useMyPresence, type MyPresenceControls } from './hooks/use-my-presence.ts';
export { useOnlineCount, useOnlineUsers } from './hooks/use-online.ts';
export { usePresence } from './hooks/use-presence.ts';
export { usePresenceClient } from './hooks/use-presence-client.ts';
export { usePresences } from './hooks/use-presences.ts';
export { useRoom } from './hooks/use-room.ts';
export { useTyping, type Typing } from './hooks/use-typing.ts';
export { useVisiblePresence } from './hooks/use-visible-presence.ts';
export { PresenceProvider, type PresenceProviderProps } from './presence-provider.tsx';
export { ENGLISH, type PresenceTexts } from './texts.ts';
