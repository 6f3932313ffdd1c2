import { refused } from '../failures.ts';

const ABSENT = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNKNOWN_BUILTIN_MODULE'];

const isAbsent = (error: unknown): boolean =>
  ABSENT.includes(String((error as { readonly code?: unknown } | null)?.code));

/**
 * What a module gives that stands on packages which only some applications install.
 *
 * @throws PresenceError `invalid_options` where one of them is missing, with what to install
 */
export const needing = async <Module>(
  packages: string,
  load: () => Promise<Module>,
): Promise<Module> => {
  try {
    return await load();
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw refused(`This needs a package that is not installed. Run: npm install ${packages}`);
  }
};

/** The same, `null` where it is missing. */
export const ifThere = async <Module>(load: () => Promise<Module>): Promise<Module | null> => {
  try {
    return await load();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
};
