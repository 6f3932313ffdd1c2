import { useId, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useConnection } from '../hooks/use-connection.ts';
import { ExplainForm } from './explain-form.tsx';
import type { Recorded, Recording } from './recording.ts';
import { Connection, Frames, Section, Session, Watches } from './sections.tsx';
import * as styles from './styles.ts';

export interface PresenceDevtoolsProps {
  /** What the client was made with. Without it only the connection is shown. */
  readonly recording?: Recording | undefined;
  readonly defaultOpen?: boolean | undefined;
}

const NOTHING: Recorded = { session: null, watches: [], frames: [] };
const silent = (): (() => void) => () => {};

/** What was written down; while `paused`, as it was then. */
const useRecorded = (recording: Recording | undefined, paused: Recorded | null): Recorded => {
  const read = recording?.read ?? (() => NOTHING);
  const recorded = useSyncExternalStore(recording?.subscribe ?? silent, read, () => NOTHING);
  return paused ?? recorded;
};

const Recordings = ({ recording }: { readonly recording: Recording }): ReactNode => {
  const [paused, setPaused] = useState<Recorded | null>(null);
  const { session, watches, frames } = useRecorded(recording, paused);
  return (
    <>
      <Section title="Session">
        <Session session={session} />
      </Section>
      <Section title="Watches">
        <Watches watches={watches} />
      </Section>
      <Section title={`Frames (${frames.length})`}>
        <p style={styles.row}>
          <button
            type="button"
            style={styles.button}
            aria-pressed={paused !== null}
            onClick={() => setPaused(paused ? null : recording.read())}
          >
            Pause
          </button>
          <button type="button" style={styles.button} onClick={recording.clear}>
            Clear
          </button>
        </p>
        <Frames frames={frames} />
      </Section>
      <Section title="Explain">
        <ExplainForm explain={recording.explain} />
      </Section>
    </>
  );
};

/**
 * Shows what presence does on this page: the connection, the session, what is watched, the last
 * frames, and why somebody is what they are. Below a provider; Escape closes it. It shows ids and statuses, no texts and no tokens.
 */
export const PresenceDevtools = ({
  recording,
  defaultOpen = false,
}: PresenceDevtoolsProps): ReactNode => {
  const [open, setOpen] = useState(defaultOpen);
  const toggle = useRef<HTMLButtonElement>(null);
  const { status, transport } = useConnection();
  const id = useId();
  return (
    <div
      style={styles.root}
      onKeyDown={({ key }) => {
        if (key !== 'Escape' || !open) return;
        setOpen(false);
        toggle.current?.focus();
      }}
    >
      <button
        ref={toggle}
        type="button"
        style={styles.button}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        Presence: {status}
        {transport && `, ${transport}`}
      </button>
      {open && (
        <aside id={id} style={styles.panel} aria-label="Presence devtools">
          <Section title="Connection">
            <Connection />
          </Section>
          {recording ? (
            <Recordings recording={recording} />
          ) : (
            <p style={styles.muted}>
              Make the client with the options of a createRecording() to see its session, watches
              and frames.
            </p>
          )}
        </aside>
      )}
    </div>
  );
};
