import { z } from 'zod';
import { isTimeZone } from '../history/calendar.ts';
import { ACCOUNTS, STATUSES, type Account, type Status } from '../status.ts';
import type {
  AccountChange,
  AdminStatusChange,
  DisconnectRequest,
  WebhookChoice,
} from './admin-messages.ts';
import { LIMITS } from './limits.ts';
import { claimed, idSchema, oneOf, pageQuery, text, whole } from './schemas.ts';

const statusNames = STATUSES as readonly [Status, ...Status[]];
const accountNames = ACCOUNTS as readonly [Account, ...Account[]];

const NOT_AN_INSTANT = 'must be an instant in epoch milliseconds';

/** `PUT /admin/users/:userId/status` */
export const adminStatusSchema: z.ZodType<AdminStatusChange> = z
  .strictObject({
    status: oneOf(statusNames),
    ...claimed,
    until: whole(1, Number.MAX_SAFE_INTEGER, NOT_AN_INSTANT).optional(),
    holdsAbsent: z.boolean('must be true or false').optional(),
  })
  .refine(
    ({ forMs, until }) => forMs === undefined || until === undefined,
    'may end by forMs or by until, not by both',
  );

/** `PUT /admin/users/:userId/account` */
export const accountSchema: z.ZodType<AccountChange> = z.strictObject({
  account: oneOf(accountNames),
});

/** `POST /admin/users/:userId/disconnect` */
export const disconnectSchema: z.ZodType<DisconnectRequest> = z.strictObject({
  sessionId: idSchema.optional(),
});

/** `POST /admin/reap` */
export const reapSchema = z.strictObject({});

/** `POST /admin/webhooks/retry`, `POST /admin/webhooks/drop` */
export const webhookChoiceSchema: z.ZodType<WebhookChoice> = z
  .strictObject({
    webhook: text(64).regex(/^[\w-]+$/, 'must be the name of a webhook'),
    userId: idSchema.optional(),
    version: whole(0, Number.MAX_SAFE_INTEGER, 'must be the version of a presence').optional(),
  })
  .refine(
    ({ userId, version }) => version === undefined || userId !== undefined,
    'version goes with userId',
  );

const known: ReadonlySet<string> = new Set(STATUSES);

/** `online,away` */
const statusList = z
  .string()
  .max(100, 'must be a list of statuses')
  .transform((list) => list.split(','))
  .refine(
    (names) => names.every((name) => known.has(name)) && new Set(names).size === names.length,
    `must be one or more of ${STATUSES.join(', ')}, with commas between`,
  )
  .transform((names) => names as Status[]);

/** The query string of `GET /admin/users`. */
export const adminUsersQuerySchema = z.strictObject({
  ...pageQuery,
  status: statusList.optional(),
  account: oneOf(accountNames).optional(),
  search: text(LIMITS.searchLength).min(1, 'must not be empty').optional(),
  sort: text(LIMITS.sortLength).min(1, 'must not be empty').optional(),
});

const instantText = z
  .string()
  .regex(/^[0-9]{1,16}$/, NOT_AN_INSTANT)
  .transform(Number)
  .pipe(z.number().max(Number.MAX_SAFE_INTEGER, NOT_AN_INSTANT))
  .optional();

const isRange = ({
  from = 0,
  until = Number.MAX_SAFE_INTEGER,
}: {
  from?: number | undefined;
  until?: number | undefined;
}): boolean => from < until;

const historyRange = { from: instantText, until: instantText };
const NO_RANGE = 'from must be before until';

/** The query string of `GET /admin/users/:userId/history`. */
export const historyQuerySchema = z
  .strictObject({ ...pageQuery, ...historyRange })
  .refine(isRange, NO_RANGE);

/** The query string of `GET /admin/users/:userId/history/export`. */
export const exportQuerySchema = z
  .strictObject({ cursor: pageQuery.cursor, ...historyRange })
  .refine(isRange, NO_RANGE);

/** The query string of the insights. */
export const insightsQuerySchema = z.strictObject({
  timeZone: z
    .string()
    .max(64, 'must be the name of a time zone')
    .refine(isTimeZone, 'must be the name of a time zone, such as Europe/Berlin')
    .optional(),
  days: z
    .string()
    .regex(/^[0-9]{1,3}$/, `must be a whole number from 1 to ${LIMITS.insightDays}`)
    .transform(Number)
    .pipe(z.number().min(1).max(LIMITS.insightDays))
    .optional(),
});

/** The query string of `GET /admin/users/online`. */
export const adminOnlineQuerySchema = z.strictObject(pageQuery);
