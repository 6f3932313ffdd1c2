'use client';

export type { Explained } from './explainer.ts';
export { PresenceDevtools, type PresenceDevtoolsProps } from './presence-devtools.tsx';
export {
  createRecording,
  type Recorded,
  type RecordedFrame,
  type RecordedSession,
  type RecordedWatch,
  type Recording,
} from './recording.ts';
