import type { DeletedUser } from '../core/deletion.ts';
import type { DestinationDefinition } from '../core/destination.ts';
import type { Http } from '../core/http.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import type { DeleteUsers } from './delete-at.ts';

export interface TellDestinationDeps {
  readonly definitions: readonly DestinationDefinition[];
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  readonly http: Http;
}

/** Asks the code of a destination to have a user deleted by its vendor: one a call. */
export function tellDestination({ definitions, snapshot, http }: TellDestinationDeps): DeleteUsers {
  const bySlug = new Map(definitions.map((one) => [one.slug, one]));
  return async (target, [id = ''], signal) => {
    const connection = snapshot.current.connections.find((one) => one.id === target.id);
    if (connection === undefined) {
      const message = 'The destination is no longer there, or not known to this server.';
      return { kind: 'failed', message, retry: false };
    }
    const definition = bySlug.get(connection.slug);
    if (definition?.deleteUser === undefined) return { kind: 'unsupported', message: unsupported };
    const user: DeletedUser =
      target.subjectType === 'USER_ID' ? { userId: id } : { anonymousId: id };
    const { regulation, before: askedAt } = target;
    const told = await definition.deleteUser(connection, user, {
      ...{ http, signal, regulation, askedAt },
    });
    if (told.state === 'failed') {
      return { kind: 'failed', message: told.message, retry: told.retry };
    }
    if (told.state === 'unsupported') return { kind: 'unsupported', message: unsupported };
    return { kind: 'deleted' };
  };
}

const unsupported = 'This destination cannot be asked to delete users.';
