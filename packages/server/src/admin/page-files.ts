/** The dashboard as the build made it. */
export interface PageFiles {
  readonly html: string;
  /** Scripts and styles by their name, which holds a hash of what they are. */
  readonly assets: Readonly<Record<string, string>>;
}

let files: Promise<PageFiles> | null = null;

/** Loaded when first asked for, then held in memory: most processes never need it. */
export const pageFiles = (): Promise<PageFiles> =>
  (files ??= (async () => {
    const { loadPage } = await import('#admin-page');
    return await loadPage();
  })().catch((error: unknown) => {
    files = null;
    throw error;
  }));
