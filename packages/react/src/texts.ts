import type { ShownStatus } from '@presence/client';

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
  readonly more: (count: number) => string;

  readonly setStatus: string;
  readonly yourStatus: (status: string) => string;
  readonly statusHint: Readonly<Partial<Record<ShownStatus | 'invisible', string>>>;
  readonly invisible: string;
  readonly message: string;
  readonly messagePlaceholder: string;
  readonly emoji: string;
  readonly clearAfter: string;
  readonly never: string;
  readonly minutes: (count: number) => string;
  readonly hours: (count: number) => string;
  readonly today: string;
  readonly until: (time: string) => string;
  readonly save: string;
  readonly clear: string;
  readonly saveFailed: string;
  readonly notAllowed: string;
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
  more: (count) => `and ${count} more`,

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
  never: 'Don’t clear',
  minutes: (count) => `${count} minutes`,
  hours: (count) => (count === 1 ? '1 hour' : `${count} hours`),
  today: 'Today',
  until: (time) => `Until ${time}`,
  save: 'Save',
  clear: 'Clear status',
  saveFailed: 'Your status could not be saved. Try again.',
  notAllowed: 'You are not allowed to do that here.',
});
