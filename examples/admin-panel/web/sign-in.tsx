import { useState, type ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { Mark } from '@presence/example-shared/web/mark.tsx';
import { ApiError, signIn, signUp, type Session } from './api.ts';
import { picturedOf } from './pictured.ts';

interface SignInProps {
  /** Why nobody is signed in any more. */
  readonly notice: string | null;
  readonly onSignedIn: (session: Session) => void;
}

/** Offered by the demo, one click each. The password is everybody's. */
const DEMO = [
  { id: '1', name: 'Ada Moreau', email: 'ada@juniper.example', says: 'Admin' },
  { id: '2', name: 'Grace Okafor', email: 'grace@juniper.example', says: 'Design' },
  { id: '7', name: 'Vera Sokolova', email: 'vera@juniper.example', says: 'Suspended' },
] as const;

const PASSWORD = 'juniper';

interface Field {
  readonly name: 'name' | 'email' | 'password';
  readonly label: string;
  readonly type: string;
  readonly autoComplete: string;
}

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name', type: 'text', autoComplete: 'name' },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
];

type Given = Readonly<Record<Field['name'], string>>;

interface FieldsProps {
  readonly isNew: boolean;
  readonly given: Given;
  readonly onChange: (given: Given) => void;
}

const Fields = ({ isNew, given, onChange }: FieldsProps): ReactNode =>
  FIELDS.filter(({ name }) => isNew || name !== 'name').map(({ name, label, ...field }) => (
    <label key={name} className="field">
      <span className="field-label">{label}</span>
      <input
        {...field}
        className="input"
        required
        value={given[name]}
        onChange={({ target }) => onChange({ ...given, [name]: target.value })}
      />
    </label>
  ));

interface Said {
  readonly kind: 'bad' | 'good';
  readonly text: string;
}

export const SignIn = ({ notice, onSignedIn }: SignInProps): ReactNode => {
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(notice ? { kind: 'bad', text: notice } : null);
  const [given, setGiven] = useState<Given>({ name: '', email: '', password: '' });

  const attempt = async (email: string, password: string): Promise<void> => {
    setBusy(true);
    setSaid(null);
    try {
      if (!isNew) return onSignedIn(await signIn(email, password));
      await signUp(given.name, email, password);
      setNew(false);
      setSaid({ kind: 'good', text: 'Your account is made. An admin has to let you in first.' });
    } catch (error) {
      setSaid({ kind: 'bad', text: error instanceof ApiError ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark />
        <h1>{isNew ? 'Join Juniper' : 'Sign in to Juniper'}</h1>
        {said && (
          <p role="alert" className={`said said-${said.kind}`}>
            {said.text}
          </p>
        )}
        <form
          className="sign-in-form"
          onSubmit={(event) => {
            event.preventDefault();
            void attempt(given.email, given.password);
          }}
        >
          <Fields isNew={isNew} given={given} onChange={setGiven} />
          <button type="submit" className="button button-main" disabled={isBusy}>
            {isNew ? 'Create the account' : 'Sign in'}
          </button>
        </form>
        <button type="button" className="text-button" onClick={() => setNew(!isNew)}>
          {isNew ? 'I have an account' : 'Create an account'}
        </button>
        {!isNew && <DemoPeople isBusy={isBusy} onPick={(email) => void attempt(email, PASSWORD)} />}
      </div>
    </main>
  );
};

interface DemoPeopleProps {
  readonly isBusy: boolean;
  readonly onPick: (email: string) => void;
}

const DemoPeople = ({ isBusy, onPick }: DemoPeopleProps): ReactNode => (
  <section className="demo" aria-label="People of this demo">
    <h2>This is a demo. One click signs in as:</h2>
    <ul>
      {DEMO.map(({ id, name, email, says }) => (
        <li key={id}>
          <button
            type="button"
            className="demo-person"
            disabled={isBusy}
            onClick={() => onPick(email)}
          >
            <Avatar person={picturedOf(id, name)} size="medium" />
            <span>
              <span className="demo-name">{name}</span>
              <span className="fine-print">{says}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);
