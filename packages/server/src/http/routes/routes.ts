import type { Route } from '../route.ts';
import { health } from './health.ts';
import { heartbeat } from './heartbeat.ts';
import { leave } from './leave.ts';
import { me } from './me.ts';
import { online } from './online.ts';
import { rooms } from './rooms.ts';
import { stream } from './stream.ts';
import { ticket } from './ticket.ts';
import { users } from './users.ts';

/** The table. */
export const ROUTES: readonly Route[] = [
  heartbeat,
  leave,
  ...me,
  ...users,
  ...online,
  ...rooms,
  ticket,
  ...stream,
  ...health,
];
