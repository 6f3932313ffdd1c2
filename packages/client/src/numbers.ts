// The numbers that the files with imports of their own live by. Here, in a file that imports nothing, a bundler puts
// them in the place of their names; elsewhere each would be a variable that every page loads.

/** How long the page listens to nothing after an input. */
export const REST_MS = 1000;

/** For a ticket, a socket and the answer to its login. */
export const CONNECT_MS = 15_000;
/** For the answer to a frame that asks whether the link still carries. */
export const ACK_MS = 10_000;
/** What WebSocket itself says of a server that cannot serve now. */
export const TRY_LATER = 1013;
/** For an HTTP answer: longer than any healthy one takes, shorter than a user's patience. */
export const ANSWER_MS = 10_000;

/**
 * The server takes 20 frames a second; half of it for watches leaves room for the rest. So many at once, and one more each so
 * often: a list that is scrolled asks all the time, and may not be blind for the rest of a second once it spent its frames.
 */
export const WATCH_FRAMES = 10;
export const WATCH_PACE_MS = 100;
/** A watch that the server could not take is asked for again after so long. */
export const WATCH_RETRY_MS = 5000;

/** Bounds of the protocol: users of one watch, and watches of one connection (one is the tenant's). */
export const WATCH_USERS = 1000;
export const SET_WATCHES = 19;
/** A frame may have 8 KiB; the rest is for what stands around the ids. */
export const IDS_BYTES = 8000;
/** The id of the watch of everybody who is online. */
export const TENANT_WATCH = 'online';

/** Stands for everybody who is online among the users whom a tab wants to know of. No user's id is so. */
export const EVERYBODY = '\t';
/** Begins the ids by which rooms stand there, and what is said in one. No user's id begins so, and no id holds it. */
export const ROOM_ID = '\n';

/** Longer than any grace of a page that said it closes: asking for that session again is a wasted round trip. */
export const GONE_AFTER_MS = 120_000;

/** A link that has lasted so long is good: what was tried before it counts no more. */
export const STABLE_MS = 10_000;
/** A socket that does not get through so often, although the server answers, is not to be had here. */
export const SOCKET_FAILURES = 2;
/** Bounds of the wait between two tries. */
export const BACK_OFF_MS = 500;
export const MOST_BACK_OFF_MS = 30_000;
export const MOST_LOGINS = 3;
/** Long enough for the tab that took the session to be heard of, and for a rate to be kept. */
export const YIELD_MS = 5000;

/** Long enough for a lock that nobody has. */
export const FIRST_MS = 1000;

/** How long what a lost link had confirmed is shown, until the server says it. */
export const STALE_MS = 60_000;
/** Placeholders of users who were asked for and never watched. */
export const MOST_PLACEHOLDERS = 1000;
