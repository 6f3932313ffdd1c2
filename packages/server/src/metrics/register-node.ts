import type { Node } from '../context.ts';
import { familiesOf } from './families.ts';
import { register } from './registry.ts';

/** Puts a node's metrics into the application's registry, where it gave one; undone by what is given back. */
export const registerNode = (node: Node): (() => void) => {
  const { metrics } = node.options;
  return metrics ? register(metrics.registry, familiesOf(node, metrics.tenants)) : () => undefined;
};
