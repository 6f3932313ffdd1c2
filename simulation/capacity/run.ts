// npm run simulate -- capacity --users 250,500,1000 --nodes 4 --hours 1
import { parseArgs } from 'node:util';
import { simulateTown, type Happened } from './town.ts';
import { costOf, SIZES } from './costs.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '250,500,1000' },
    nodes: { type: 'string', default: '4' },
    hours: { type: 'string', default: '1' },
    contacts: { type: 'string', default: '50' },
    pauses: { type: 'string', default: '2' },
    statuses: { type: 'string', default: '1' },
    reconnects: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});

const hours = Number(values.hours);
const nodes = Number(values.nodes);
const habits = {
  contacts: Number(values.contacts),
  pauses: Number(values.pauses),
  statuses: Number(values.statuses),
  reconnects: Number(values.reconnects),
};

const towns: { readonly users: number; readonly each: Happened }[] = [];
for (const users of values.users.split(',').map(Number)) {
  const happened = await simulateTown({ users, nodes, hours, habits, seed: Number(values.seed) });
  const each = Object.entries(happened).map(([name, count]) => [name, count / users / hours]);
  towns.push({ users, each: Object.fromEntries(each) });
}

console.log(
  `Each user in an hour: ${habits.pauses} pauses, ${habits.statuses} statuses, ${habits.reconnects} reconnects, ${habits.contacts} contacts watched; ${nodes} nodes.\n`,
);
const small = (value: number): string => value.toFixed(value < 100 ? 2 : 0);

/** What a node does whoever is there; all else is done for somebody. */
const OF_A_NODE: readonly (keyof Happened)[] = ['renewals', 'dues'];

const show = (of: string, names: readonly (keyof Happened)[], share: (users: number) => number) =>
  console.log(
    table(
      [`${of} in an hour`, ...towns.map(({ users }) => `${users} users`)],
      names.map((name) => [
        name,
        ...towns.map(({ users, each }) => small(each[name] * share(users))),
      ]),
    ),
    '\n',
  );

const names = Object.keys(towns[0]?.each ?? {}) as (keyof Happened)[];
show(
  'a user',
  names.filter((name) => !OF_A_NODE.includes(name)),
  () => 1,
);
show('a node', OF_A_NODE, (users) => users / nodes);

const last = towns.at(-1)?.each as Happened;
const sizes = SIZES.map((size) => costOf(size, last));
console.log('With the costs that `npm run bench -- capacity` measured:\n');
console.log(
  table(
    ['', ...sizes.map(({ users }) => `${users.toLocaleString('en')} users`)],
    Object.keys(sizes[0]?.figures ?? {}).map((name) => [
      name,
      ...sizes.map(({ figures }) => figures[name] ?? ''),
    ]),
  ),
);
