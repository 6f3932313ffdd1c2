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

/** What becomes of a webhook when its process ends. */
export type Delivery = 'at-least-once' | 'best-effort';

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
  /**
   * Tells this webhook from others of the same presence: letters, digits, `-` and `_`, at most 64. An
   * outbox knows by it what was told already, so the same on all nodes. Default `default`.
   */
  readonly name?: string;
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
  /**
   * Until a webhook is given up, and those behind it of the same user go on. Default 8: about five minutes;
   * from an outbox 30: about an hour.
   */
  readonly mostTries?: number;
  /**
   * Webhooks that this process holds. Beyond them the older ones of a user are dropped for the latest, and
   * what comes from an outbox waits there. Default 10,000.
   */
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
  readonly name: string;
  /**
   * `at-least-once`: what has to be told is in the store's outbox and survives this process. `best-effort`:
   * what waits is lost with it.
   */
  readonly delivery: Delivery;
  /** Resolves when every change from now on is told: at once, or when the outbox knows this webhook. */
  readonly ready: Promise<void>;
  /** Webhooks that this process holds. */
  readonly waiting: number;
  /** The last 100 that this process gave up, the latest first. */
  failures(): readonly WebhookFailure[];
  /** Takes no more, and forgets what waits here; resolves when no request is under way. `presence.close()` does it. */
  close(): Promise<void>;
}
