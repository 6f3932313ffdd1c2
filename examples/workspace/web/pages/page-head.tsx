import type { ReactNode } from 'react';
import { BackIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';

interface PageHeadProps {
  readonly title: string;
  readonly note: string;
  /** Stands before the title. */
  readonly mark?: ReactNode;
  /** At the other end. */
  readonly children?: ReactNode;
}

/** The head of a page; on a narrow window with the way back to the lists. */
export const PageHead = ({ title, note, mark, children }: PageHeadProps): ReactNode => {
  const { organisation } = useHere();
  return (
    <header className="page-head">
      <title>{`${title} · ${organisation.name}`}</title>
      <Link to={`/${organisation.id}`} className="back">
        <BackIcon />
        <span className="hidden">Back</span>
      </Link>
      {mark}
      <div className="page-title">
        <h2>{title}</h2>
        <p>{note}</p>
      </div>
      {children}
    </header>
  );
};
