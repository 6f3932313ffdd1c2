import type { Organisation } from '../organisations.ts';
import { member, played } from './people.ts';

export const northwind: Organisation = {
  id: 'northwind',
  name: 'Northwind',
  trade: 'Freight by sail',
  hue: 210,
  members: [
    member('ada', 'Ada Moreau', 'Advisor', 'Lyon', 262),
    member('hugo', 'Hugo Marchetti', 'Fleet planning', 'Genoa', 24),
    member('lena', 'Lena Fischer', 'Dispatch', 'Hamburg', 178),
    member('samuel', 'Samuel Osei', 'Port operations', 'Tema', 112),
    played('clara', 'Clara Jensen', 'Captain, Petrel', 'At sea', 222),
    played('diego', 'Diego Alvarez', 'Captain, Albatross', 'At sea', 340),
    played('nadia', 'Nadia Petrova', 'Weather', 'Varna', 300),
    played('ruth', 'Ruth Adeyemi', 'Customs', 'Rotterdam', 66),
  ],
  channels: [
    {
      id: 'general',
      topic: 'Ashore and afloat',
      members: 'ada hugo lena samuel clara diego nadia ruth'.split(' '),
      posts: [
        { by: 'hugo', at: '07:40', text: 'Petrel left Genoa at first light, two hours early.' },
        {
          by: 'clara',
          at: '08:15',
          text: 'Fair wind, 14 knots. We have a signal for another hour, then again off Menorca.',
        },
      ],
    },
    {
      id: 'dispatch',
      topic: 'Who sails when',
      members: 'hugo lena samuel ruth'.split(' '),
      posts: [
        { by: 'lena', at: '09:05', text: 'Berth 4 is ours from Thursday noon.' },
        { by: 'ruth', at: '09:18', text: 'Papers for Albatross are in order, all nine pages.' },
      ],
    },
    {
      id: 'weather',
      topic: 'Read before you promise anything',
      members: 'clara diego nadia hugo'.split(' '),
      posts: [
        {
          by: 'nadia',
          at: '06:00',
          text: 'A low over Biscay by Friday. Leave early or stay home.',
        },
      ],
    },
  ],
  project: {
    name: 'Atlantic timetable',
    about: 'One crossing each week, from September.',
    members: 'ada hugo lena samuel nadia'.split(' '),
    tasks: [
      { title: 'Twenty years of wind, by week', state: 'done', owner: 'nadia' },
      { title: 'Crew for the third ship', state: 'doing', owner: 'hugo' },
      { title: 'Berths on the other side', state: 'doing', owner: 'samuel' },
      { title: 'What a late ship costs', state: 'next', owner: 'ada' },
      { title: 'Timetable on one page', state: 'next', owner: 'lena' },
    ],
  },
};
