import type { Organisation } from '../organisations.ts';
import { member, played } from './people.ts';

export const juniper: Organisation = {
  id: 'juniper',
  name: 'Juniper',
  trade: 'Planning software',
  hue: 282,
  members: [
    member('ada', 'Ada Moreau', 'Product lead', 'Lyon', 262),
    member('noah', 'Noah Lind', 'Backend engineer', 'Stockholm', 205),
    member('grace', 'Grace Okafor', 'Design', 'Lagos', 328),
    member('linus', 'Linus Berg', 'Platform engineer', 'Oslo', 158),
    member('mei', 'Mei Tanaka', 'Research', 'Osaka', 18),
    played('ines', 'Ines Duarte', 'Frontend engineer', 'Porto', 288),
    played('jonas', 'Jonas Weber', 'Data engineer', 'Berlin', 186),
    played('kai', 'Kai Nakamura', 'Mobile engineer', 'Tokyo', 232),
    played('priya', 'Priya Nair', 'Engineering manager', 'Kochi', 348),
    played('sofia', 'Sofia Rossi', 'Marketing', 'Milan', 8),
    played('theo', 'Theo Kowalski', 'Support', 'Gdańsk', 130),
    played('yara', 'Yara Haddou', 'Legal', 'Rabat', 52),
    played('felix', 'Felix Aubert', 'Finance', 'Geneva', 96),
  ],
  channels: [
    {
      id: 'general',
      topic: 'What everybody should know',
      members: 'ada noah grace linus mei ines jonas kai priya sofia theo yara felix'.split(' '),
      posts: [
        {
          by: 'priya',
          at: '08:52',
          text: 'Good morning! The offsite is in the second week of June. Rooms are booked; tell Felix if you come by train.',
        },
        { by: 'felix', at: '08:57', text: 'Tickets by Friday, please. I hold twelve seats.' },
        {
          by: 'ada',
          at: '09:10',
          text: 'The first three customers are on the new timeline. Not one question so far, which is the best kind of feedback.',
        },
        { by: 'theo', at: '09:14', text: 'Confirmed from support: a very quiet morning.' },
      ],
    },
    {
      id: 'design',
      topic: 'Work in progress, kindly criticised',
      members: 'ada grace ines sofia mei'.split(' '),
      posts: [
        {
          by: 'grace',
          at: '10:03',
          text: 'New empty states are up. I took the illustrations out: people read the sentence, and then they press the button.',
        },
        { by: 'ines', at: '10:11', text: 'They also load in one request now. Thank you.' },
        {
          by: 'mei',
          at: '10:26',
          text: 'Two of five testers looked for “undo” where the toast used to be. Can it stay a little longer?',
        },
        { by: 'grace', at: '10:30', text: 'It can. Eight seconds, and it waits while you hover.' },
      ],
    },
    {
      id: 'engineering',
      topic: 'What ships, and what broke',
      members: 'noah linus ines jonas kai priya'.split(' '),
      posts: [
        {
          by: 'linus',
          at: '09:31',
          text: 'Deploying. You may see “reconnecting” for a second; nobody should see anybody leave.',
        },
        { by: 'noah', at: '09:33', text: 'Saw it, and it was one second. Everyone stayed green.' },
        {
          by: 'jonas',
          at: '09:48',
          text: 'The nightly import is down to four minutes. The rest was waiting for a lock that nobody held.',
        },
      ],
    },
    {
      id: 'launch',
      topic: 'Aurora, 12 June',
      members: 'ada noah grace sofia kai yara'.split(' '),
      posts: [
        {
          by: 'sofia',
          at: '11:02',
          text: 'The announcement is written. Six sentences, no adjectives.',
        },
        { by: 'yara', at: '11:20', text: 'Cleared. I added one word, and it is “may”.' },
      ],
    },
  ],
  project: {
    name: 'Aurora launch',
    about: 'The new timeline for everybody, on 12 June.',
    members: 'ada noah grace sofia kai yara mei'.split(' '),
    tasks: [
      { title: 'Announcement, six sentences', state: 'done', owner: 'sofia' },
      { title: 'Terms for the beta, reviewed', state: 'done', owner: 'yara' },
      { title: 'Timeline on small phones', state: 'doing', owner: 'kai' },
      { title: 'Import from the old format', state: 'doing', owner: 'noah' },
      { title: 'Empty states, second round', state: 'doing', owner: 'grace' },
      { title: 'Five interviews after the switch', state: 'next', owner: 'mei' },
      { title: 'Decide: who gets it first', state: 'next', owner: 'ada' },
    ],
  },
};
