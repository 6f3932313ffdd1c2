import type { ShownStatus } from '@presence/client';
import type { ENDINGS } from './status-draft.ts';

/** Every text that the components show. Replace some or all on the provider or on one component. */
export interface PresenceTexts {
  /** BCP 47 tag for relative times and clock times; it belongs to the language of the texts. */
  readonly locale: string;
  readonly status: Readonly<Record<ShownStatus, string>>;

  readonly lastSeen: (ago: string) => string;
  readonly lastActive: (ago: string) => string;
  readonly justNow: string;
  readonly activeNow: string;
  readonly neverSeen: string;
  readonly lastSeenUnknown: string;

  readonly onlineUsers: string;
  readonly nobodyOnline: string;
  readonly loading: string;
  /** The client is stopped: signed out, refused, or never to be connected again. */
  readonly notConnected: string;
  readonly more: (count: number) => string;
  /** @param names of whoever types; never none */
  readonly typing: (names: readonly string[]) => string;

  readonly setStatus: string;
  readonly yourStatus: (status: string) => string;
  readonly statusHint: Readonly<Partial<Record<ShownStatus | 'invisible', string>>>;
  readonly invisible: string;
  readonly message: string;
  readonly messagePlaceholder: string;
  readonly emoji: string;
  readonly clearAfter: string;
  /** By minutes, and the rest by name. */
  readonly ending: Readonly<Record<(typeof ENDINGS)[number], string>>;
  readonly until: (time: string) => string;
  readonly save: string;
  readonly saving: string;
  /** It is saved as soon as the connection is back. */
  readonly waiting: string;
  readonly clear: string;
  readonly saveFailed: string;
  /** What the picker opens could not be loaded. */
  readonly loadFailed: string;
}

export const ENGLISH: PresenceTexts = Object.freeze<PresenceTexts>({
  locale: 'en',
  status: {
    online: 'Online',
    away: 'Away',
    busy: 'Busy',
    dnd: 'Do not disturb',
    offline: 'Offline',
    unknown: 'Status unknown',
  },

  lastSeen: (ago) => `Last seen ${ago}`,
  lastActive: (ago) => `Active ${ago}`,
  justNow: 'just now',
  activeNow: 'Active now',
  neverSeen: 'Never seen',
  lastSeenUnknown: 'Last seen unknown',

  onlineUsers: 'Online',
  nobodyOnline: 'Nobody is online right now',
  loading: 'Finding out who is online',
  notConnected: 'Not connected',
  more: (count) => `and ${count} more`,
  typing: ([one, two, ...others]) =>
    others[0]
      ? 'Several people are typing…'
      : two
        ? `${one} and ${two} are typing…`
        : `${one} is typing…`,

  setStatus: 'Set your status',
  yourStatus: (status) => `Your status: ${status}`,
  statusHint: {
    online: 'Away when you step out',
    dnd: 'Mutes notifications',
    invisible: 'You appear offline',
  },
  invisible: 'Invisible',
  message: 'Status message',
  messagePlaceholder: 'What are you up to?',
  emoji: 'Emoji',
  clearAfter: 'Clear after',
  ending: {
    never: 'Don’t clear',
    30: '30 minutes',
    60: '1 hour',
    240: '4 hours',
    today: 'Today',
  },
  until: (time) => `Until ${time}`,
  save: 'Save',
  saving: 'Saving…',
  waiting: 'Waiting for the connection…',
  clear: 'Clear status',
  saveFailed: 'Your status could not be saved.',
  loadFailed: 'Not loaded. Try again.',
});
