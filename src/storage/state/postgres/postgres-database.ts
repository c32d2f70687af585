import {
  type DataTypeNode,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  replaceWithNoncontingentExpression,
} from 'kysely';
import { PoolDriver, type PoolOptions } from './pool-driver.ts';

/**
 * PostgreSQL behind kysely. The same queries and migrations give what they give on SQLite: texts have
 * any length and the order of their bytes, lists may be empty.
 */
export function postgresDatabase<Tables>(options: PoolOptions): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new UnlockedAdapter(),
      createDriver: () => new PoolDriver(options),
      createQueryCompiler: () => new TextCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
}

class TextCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    const isText = node.dataType === 'text' || node.dataType.startsWith('varchar');
    if (isText) this.append('text collate "C"');
    else super.visitDataType(node);
  }
}

/**
 * `prepareSchema` has a lock around migrations. Giving back another inside a transaction that has failed
 * would hide the reason.
 */
class UnlockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}
