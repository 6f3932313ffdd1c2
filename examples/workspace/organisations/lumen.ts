import type { Organisation } from '../organisations.ts';
import { member, played } from './people.ts';

export const lumen: Organisation = {
  id: 'lumen',
  name: 'Lumen Lab',
  trade: 'Optics research',
  hue: 150,
  members: [
    member('mei', 'Mei Tanaka', 'Guest researcher', 'Osaka', 18),
    member('omar', 'Omar Haddad', 'Principal investigator', 'Beirut', 38),
    member('vera', 'Vera Sokolova', 'Instruments', 'Prague', 312),
    played('anton', 'Anton Vogel', 'Doctoral student', 'Vienna', 200),
    played('bea', 'Bea Lindqvist', 'Doctoral student', 'Lund', 84),
    played('ming', 'Ming Zhao', 'Simulation', 'Singapore', 352),
  ],
  channels: [
    {
      id: 'general',
      topic: 'The lab',
      members: 'mei omar vera anton bea ming'.split(' '),
      posts: [
        {
          by: 'omar',
          at: '09:00',
          text: 'The new grating arrived. Vera holds it; nobody else does.',
        },
        { by: 'vera', at: '09:04', text: 'It is in the cabinet, and the cabinet is locked.' },
      ],
    },
    {
      id: 'beamtime',
      topic: 'Who has the bench, and until when',
      members: 'mei vera anton bea'.split(' '),
      posts: [
        { by: 'bea', at: '13:30', text: 'I have the bench until four. Knock twice.' },
        { by: 'anton', at: '13:41', text: 'Then I am the one after four.' },
      ],
    },
  ],
  project: {
    name: 'Paper: colour at the edge',
    about: 'Submission on the last day of the month.',
    members: 'mei omar anton bea'.split(' '),
    tasks: [
      { title: 'Figure 2, with error bars', state: 'done', owner: 'anton' },
      { title: 'Repeat the dark run', state: 'doing', owner: 'bea' },
      { title: 'Introduction, half as long', state: 'doing', owner: 'omar' },
      { title: 'Related work', state: 'next', owner: 'mei' },
    ],
  },
};
