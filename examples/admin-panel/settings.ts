import type { Limits, PolicyOptions } from '@presence/server';

/** What may be set from outside, all of it durations and limits: `PANEL_SETTINGS='{"refreshMs":1000}'`. */
export interface Settings {
  /** Over the defaults of presence: a heartbeat each 30 s, offline after two minutes without one. */
  readonly policy: PolicyOptions;
  readonly limits: Partial<Limits>;
  /** How often the admin page asks again. Default 10 s. */
  readonly refreshMs: number;
  /** For how long an access token is good. Default 15 min. */
  readonly accessMs: number;
}

const DEFAULTS: Settings = { policy: {}, limits: {}, refreshMs: 10_000, accessMs: 15 * 60_000 };

export const readSettings = (text = '{}'): Settings => ({
  ...DEFAULTS,
  ...(JSON.parse(text) as Partial<Settings>),
});
