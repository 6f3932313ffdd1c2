import { usePresences, useRoom } from '@presence/react';
import type { ReactNode } from 'react';
import type { RoomState, ShownStatus, UserPresence } from '@presence/client';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { PROJECT_ROOM } from '../../rooms.ts';
import type { Task } from '../api.ts';
import { Face } from '../face.tsx';
import { ProjectIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';
import { HereNow } from './here-now.tsx';
import { PageHead } from './page-head.tsx';

const COLUMNS = [
  ['next', 'Next'],
  ['doing', 'In progress'],
  ['done', 'Done'],
] as const;

const idsOf = ({ members }: RoomState): readonly string[] => members.map(({ userId }) => userId);

/** What several people work on, with who of them is here and who has it open. */
export const ProjectPage = (): ReactNode => {
  const { project } = useHere().organisation;
  const presences = usePresences(project.members);
  // Whoever has this page open is in its room, in whichever tab; nobody else is, here or not.
  const openTo = useRoom(PROJECT_ROOM, idsOf);
  const statusOf = (id: string): ShownStatus =>
    presences.find(({ userId }) => userId === id)?.status ?? 'unknown';
  return (
    <div className="page project">
      <PageHead title={project.name} note={project.about} mark={<ProjectIcon />}>
        <HereNow userIds={openTo} label="viewing now" />
      </PageHead>
      <main className="project-page" data-place="project">
        <Crew presences={presences} />
        <div className="board">
          {COLUMNS.map(([state, title]) => (
            <section key={state} className="column" data-state={state}>
              <h3>{title}</h3>
              <ul>
                {project.tasks
                  .filter((task) => task.state === state)
                  .map((task) => (
                    <Card key={task.title} task={task} status={statusOf(task.owner)} />
                  ))}
              </ul>
            </section>
          ))}
        </div>
      </main>
    </div>
  );
};

const Crew = ({ presences }: { readonly presences: readonly UserPresence[] }): ReactNode => {
  const { memberOf, path } = useHere();
  return (
    <ul className="crew" aria-label="Who works on it">
      {presences.map(({ userId, status }) => (
        <li key={userId} data-user={userId} data-status={status}>
          <Link to={path('people', userId)} className="crew-member">
            <Face member={memberOf(userId)} status={status} />
            <span className="crew-name">{memberOf(userId).name.split(' ')[0]}</span>
            <span className="crew-status">{STATUS_WORDS[status]}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
};

interface CardProps {
  readonly task: Task;
  readonly status: ShownStatus;
}

const Card = ({ task, status }: CardProps): ReactNode => {
  const { memberOf, path } = useHere();
  const owner = memberOf(task.owner);
  return (
    <li className="task" data-state={task.state}>
      <span className="task-title">{task.title}</span>
      <Link to={path('people', owner.id)} className="task-owner">
        <Face member={owner} status={status} size="small" isLabelled />
        {owner.name}
      </Link>
    </li>
  );
};
