import type { JsonObject } from '../../../core/json.ts';
import type { Client } from '../client.ts';
import type { ConfigurationDocument } from './document.ts';

export type KindName = Exclude<keyof ConfigurationDocument, '$schema'>;

/** What the catalogue says of the settings of a kind. */
export interface Options {
  /** Names of those that are secret. */
  readonly secrets: ReadonlySet<string>;
  readonly defaults: JsonObject;
  /** True: secrets are not even shown masked, so that nothing tells whether they differ. */
  readonly hidesSecrets?: true;
}

/** A resource that is on the server, in the words of the files. */
export interface Present {
  readonly id: string;
  readonly item: JsonObject;
  /** Of the settings; absent where there are none with a catalogue entry. */
  readonly options?: Options;
}

/** A function as others speak of it. */
export interface KnownFunction {
  readonly id: string;
  /** What sources and destinations are made with; '' for one that is inserted. */
  readonly kindId: string;
  readonly isInserted: boolean;
}

/** What is under way: how resources that stand in others are found. */
export interface Session {
  readonly client: Client;
  /** Ids by `<kind>/<key>`; what is made is added. */
  readonly ids: Map<string, string>;
  /** By name: those that are read or made. */
  readonly functions: Map<string, KnownFunction>;
}

/** Where an item of a file stands. */
export interface FilePlace {
  /** Text of a file, by its path from the one that the item stands in; '' for one that cannot be read, which is complained of. */
  read(path: string): string;
  complain(problem: string): void;
}

/** Puts a file beside the others, by a name that is free; returns its path. */
export type AddFile = (path: string, text: string) => string;

/** A kind of resource: how it is read, made and changed by the Public API. */
export interface Kind {
  readonly name: KindName;
  /** One of it, for people. */
  readonly title: string;
  /** What a resource is known by, in files and on the server. */
  key(item: JsonObject): string;
  /** Fields that cannot be changed: told, and refused. */
  readonly fixed: readonly string[];
  /** Fields that are set when it is made and not looked at again. */
  readonly onlyAtFirst?: readonly string[];
  /** Fields whose order means nothing. */
  readonly unordered?: readonly string[];
  /** Fields of which only what is named is looked at. */
  readonly partial?: readonly string[];
  /** Fields that are compared to the letter: nothing in them is a mask. Of an object, only what is wanted. */
  readonly exact?: readonly string[];
  /** Kinds that its items speak of. */
  readonly needs?: readonly KindName[];
  /** An item of a file in the words in which it is compared. */
  fromFile?(item: JsonObject, place: FilePlace): JsonObject;
  /** The reverse. */
  toFile?(item: JsonObject, add: AddFile): JsonObject;
  /** Removed when everything else is done: others hold on to it. */
  readonly removedLast?: true;
  /** All of them. `wanted` are the items of the files; undefined: everything is to be exported. */
  read(session: Session, wanted: readonly JsonObject[] | undefined): Promise<Present[]>;
  /** Makes it; returns its id. */
  make(session: Session, item: JsonObject): Promise<string>;
  /** `changes` holds the fields that differ, as they are wanted. */
  change(session: Session, present: Present, changes: JsonObject): Promise<void>;
  remove(session: Session, present: Present): Promise<void>;
}
