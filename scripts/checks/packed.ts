import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packages, type Package } from '../packages.ts';
import { run } from '../run.ts';

/** Packs each package as a release would and lets publint and attw judge the archive. */
export async function checkPacked(): Promise<void> {
  const failed: string[] = [];
  for (const each of packages) {
    const folder = mkdtempSync(join(tmpdir(), 'presence-pack-'));
    try {
      await judge(each, folder);
    } catch (error) {
      failed.push(
        `${each.manifest.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

async function judge({ folder, entries }: Package, target: string): Promise<void> {
  await run('pnpm', ['pack', '--silent', '--pack-destination', target], folder);
  const archive = readdirSync(target).find((name) => name.endsWith('.tgz'));
  if (!archive) throw new Error(`\`pnpm pack\` wrote no archive to ${target}.`);
  const path = join(target, archive);
  await run('publint', ['--strict', path]);
  const styles = entries.filter(({ output }) => output.endsWith('.css')).map(({ name }) => name);
  await run('attw', [
    path,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--quiet',
    ...(styles.length > 0 ? ['--exclude-entrypoints', ...styles] : []),
  ]);
}
