/** An object below a location. */
export interface Stored {
  /** Its name below the location, such as `ID/manifest.json`. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** The objects of one location. Every method throws BackupError with what to do. */
export interface Store {
  /** The location for people, without credentials. */
  readonly description: string;
  /** Stores an object from its parts. It appears whole or not at all. */
  write(name: string, parts: AsyncIterable<Uint8Array>): Promise<void>;
  /** The object's content from its beginning. Throws BackupNotFound when it is missing. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Everything below the location, also in folders, in the order of names. */
  list(): Promise<Stored[]>;
  remove(name: string): Promise<void>;
  /** Removes what interrupted writes left behind if it is older than the time. Returns the names. */
  removeUnfinished(before: Date): Promise<string[]>;
  close(): void;
}
