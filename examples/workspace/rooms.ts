import type { Organisation } from './organisations.ts';

/** Who has the shared project open is in it. An organisation has one, and rooms are the organisation's own. */
export const PROJECT_ROOM = 'project';

/** What somebody may be in: the project, and the channels that they are a member of. */
export const roomsOf = ({ channels }: Organisation, userId: string): string[] => [
  PROJECT_ROOM,
  ...channels.filter(({ members }) => members.includes(userId)).map(({ id }) => id),
];
