import { useId, type ReactNode } from 'react';
import { useConnection } from '../hooks/use-connection.ts';
import { useIdle } from '../hooks/use-idle.ts';
import type { Recorded, RecordedFrame, RecordedSession, RecordedWatch } from './recording.ts';
import * as styles from './styles.ts';

const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 23);

export const Section = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode => {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} style={styles.heading}>
        {title}
      </h2>
      {children}
    </section>
  );
};

const Facts = ({ facts }: { readonly facts: Readonly<Record<string, string>> }): ReactNode => (
  <dl style={styles.facts}>
    {Object.entries(facts).map(([name, value]) => [
      <dt key={name} style={styles.muted}>
        {name}
      </dt>,
      <dd key={`${name} is`} style={styles.fact}>
        {value}
      </dd>,
    ])}
  </dl>
);

export const Connection = (): ReactNode => {
  const { status, transport, role, error } = useConnection();
  const { idle, since } = useIdle();
  const facts = {
    status,
    transport: transport ?? 'none',
    role: role ?? 'none',
    activity: since === 0 ? 'active' : `${idle ? 'idle' : 'active'} since ${timeOf(since)}`,
    ...(error && { error: `${error.code}: ${error.message}` }),
  };
  return <Facts facts={facts} />;
};

const leaseOf = ({ leaseMs, nextBeatAt, pingMs }: RecordedSession): string => {
  if (leaseMs !== undefined) {
    const beat = nextBeatAt === undefined ? '' : `, next beat at ${timeOf(nextBeatAt)}`;
    return `its own, ${leaseMs / 1000} s${beat}`;
  }
  const ping = pingMs === undefined ? '' : `, which pings each ${pingMs / 1000} s`;
  return `of the server that holds the link${ping}`;
};

export const Session = ({ session }: Pick<Recorded, 'session'>): ReactNode => {
  if (!session) return <p style={styles.muted}>None was opened in this tab.</p>;
  const { sessionId, userId } = session;
  return <Facts facts={{ user: userId, session: sessionId, lease: leaseOf(session) }} />;
};

const Cells = ({ cells }: { readonly cells: readonly (string | number)[] }): ReactNode =>
  cells.map((cell, at) => (
    // oxlint-disable-next-line react/no-array-index-key -- columns have no other name
    <td key={at} style={styles.cell}>
      {cell}
    </td>
  ));

const Head = ({ names }: { readonly names: readonly string[] }): ReactNode => (
  <thead>
    <tr>
      {names.map((name) => (
        <th key={name} scope="col" style={{ ...styles.cell, ...styles.muted }}>
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

export const Watches = ({ watches }: { readonly watches: readonly RecordedWatch[] }): ReactNode => {
  if (watches.length === 0) return <p style={styles.muted}>Nothing is watched by this tab.</p>;
  return (
    <table style={styles.table}>
      <Head names={['watch', 'of', 'users']} />
      <tbody>
        {watches.map(({ id, what, users }) => (
          <tr key={id}>
            <Cells cells={[id, what, users ?? 'all']} />
          </tr>
        ))}
      </tbody>
    </table>
  );
};

export const Frames = ({ frames }: { readonly frames: readonly RecordedFrame[] }): ReactNode => (
  // Scrolled by keys, too.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached
  <div style={styles.frames} tabIndex={0} role="group" aria-label="Frames">
    <table style={styles.table}>
      <Head names={['at', 'way', 'frame', 'about']} />
      <tbody>
        {frames.toReversed().map(({ number, at, way, type, about }) => (
          <tr key={number}>
            <Cells cells={[timeOf(at), way === 'in' ? '← in' : '→ out', type, about]} />
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
