import type { Clock, Instant, Presence as UserPresence, Random, Step } from '@presence/core';

/** What a webhook tells, as JSON: a user's public presence as it is now, and why. */
export interface WebhookEvent {
  readonly type: 'presence.changed';
  readonly tenant: string;
  /** `presence.userId` and `presence.version` name the change: the same pair twice is the same change. */
  readonly presence: UserPresence;
  /** Of the last transition. It tells the truth, also that somebody hides: the target is the application's own. */
  readonly cause: Step['cause'] | null;
  readonly at: Instant;
}

/** A webhook that was given up. */
export interface WebhookFailure {
  readonly tenant: string;
  readonly userId: string;
  readonly version: number;
  readonly tries: number;
  readonly at: Instant;
  /** `queue_full`, `target_refused`, `timeout`, `status 500`, or what the connection said. */
  readonly reason: string;
}

/** One request to the target. */
export interface Posting {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request and gives the status of its answer; whatever else is in the answer is not looked at. */
export type Post = (posting: Posting) => Promise<{ readonly status: number }>;

/** Every address of a name. */
export type Lookup = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** What {@link attachWebhooks} takes. */
export interface WebhookOptions {
  /** Of the application's own. `https:`, unless `allowHttp` is set; without a user name in it. */
  readonly url: string;
  /** Signs each request, at least 32 characters. */
  readonly secret: string;
  /** Which changes are told. Default: all. */
  readonly filter?: (event: WebhookEvent) => boolean;
  /** Default false. */
  readonly allowHttp?: boolean;
  /** Whether the target may be on this machine or in a private network. Default false. */
  readonly allowPrivate?: boolean;
  /** For one request. Default 5000. */
  readonly timeoutMs?: number;
  /** Until a webhook is given up. Default 8: about five minutes. */
  readonly mostTries?: number;
  /** Webhooks that wait; beyond them the older ones of a user are dropped for the latest. Default 10,000. */
  readonly mostWaiting?: number;
  /** Requests under way together; one for each user at most. Default 4. */
  readonly atOnce?: number;
  readonly testing?: {
    readonly clock?: Clock;
    readonly random?: Random;
    readonly post?: Post;
    readonly lookup?: Lookup;
  };
}

/** What {@link attachWebhooks} gives. */
export interface Webhooks {
  /** Webhooks on their way. */
  readonly waiting: number;
  /** The last 100 that were given up, the latest first. */
  failures(): readonly WebhookFailure[];
  /** Takes no more, and forgets what waits; resolves when no request is under way. */
  close(): Promise<void>;
}
