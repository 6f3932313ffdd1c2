import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/**
 * In the place of what `prisma generate` writes, for which Prisma downloads programs: raw queries, through the real
 * adapter, on the application's pool.
 */
export class PrismaClient {
  readonly #connected: Promise<SqlDriverAdapter>;

  constructor({ adapter }: { adapter: SqlDriverAdapterFactory }) {
    this.#connected = adapter.connect();
  }

  async $queryRaw<Rows>(texts: TemplateStringsArray): Promise<Rows> {
    const adapter = await this.#connected;
    const { columnNames, rows } = await adapter.queryRaw({
      sql: texts.join(''),
      args: [],
      argTypes: [],
    });
    const named = rows.map((row) =>
      Object.fromEntries(columnNames.map((name, place) => [name, row[place]])),
    );
    return named as Rows;
  }

  async $disconnect(): Promise<void> {
    await (await this.#connected).dispose();
  }
}
