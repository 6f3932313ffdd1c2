import { presenceOf } from '@presence/core';
import type { SharedFrame } from '../../index.ts';

/** A frame of the protocol as an event with a name. */
export interface FrameEvent {
  readonly type: string;
  /** Which question the frame answers. */
  readonly ref: number | undefined;
  /** What the event carries: the frame without the two above, and rows with names for their fields. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** Made once for all who get the frame. */
const events = new WeakMap<SharedFrame, FrameEvent>();

const read = (text: string): FrameEvent => {
  const { type, ref, ...content } = JSON.parse(text) as Record<string, unknown>;
  const { presences } = content;
  if (Array.isArray(presences)) content['presences'] = presences.map(presenceOf);
  return { type: String(type), ref: ref as number | undefined, content };
};

export const frameEvent = (frame: SharedFrame): FrameEvent => {
  let event = events.get(frame);
  if (!event) {
    event = read(frame.text);
    events.set(frame, event);
  }
  return event;
};
