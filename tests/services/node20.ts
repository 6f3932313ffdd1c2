import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MissingService } from './missing-service.ts';

/**
 * The oldest Node that the packages run on.
 *
 * @throws MissingService where it is not published for this platform
 */
export const node20 = (): string => {
  const name = `node20-${process.platform}-${process.arch}`;
  const file = fileURLToPath(new URL(`../node_modules/${name}/bin/node`, import.meta.url));
  if (existsSync(file)) return file;
  throw new MissingService(
    'Node 20',
    `the package ${name} is not installed`,
    'It comes with the install on Linux x64 and arm64.',
  );
};
