/** Size and SHA-256 in hex of some bytes. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Immutable bytes by key. Keys are relative paths with `/`, ASCII letters, digits and `-_.=`. */
export interface ObjectStore {
  /** How large files are to be packed before they are put here; null: as they are. */
  readonly compression: "gzip" | null;
  /**
   * Streams bytes to a key; the object appears whole or not at all.
   * @returns its size and SHA-256 in hex.
   * @throws Failure `internal` when the key exists already with other bytes.
   */
  put(key: string, bytes: AsyncIterable<Uint8Array>): Promise<Digest>;
  /**
   * Streams bytes to the key that their digest gives them. They are held on disk, not in memory, until it is known; the same
   * bytes twice are one object. Durable when it returns.
   * @throws Failure `internal` when the key exists already with other bytes.
   */
  putByDigest(keyOf: (digest: Digest) => string, bytes: AsyncIterable<Uint8Array>): Promise<Digest & { readonly key: string }>;
  /** Writes a small object only if the key is free; false if somebody was first. Durable when it returns. */
  putIfAbsent(key: string, text: string): Promise<boolean>;
  /** The text of a small object; null if there is none. */
  getText(key: string): Promise<string | null>;
  /** Size and SHA-256 read back from the stored bytes; null if there is none. */
  digest(key: string): Promise<Digest | null>;
  /** Size in bytes as the store states it, without reading what is stored; null if there is none. */
  size(key: string): Promise<number | null>;
  /** Keys under a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  /**
   * Removes an object if it is there; durable when it returns, so that removals keep their order.
   * @throws Failure `usage` with the problem `objects.locked` when it is under object lock.
   */
  remove(key: string): Promise<void>;
  /** Where other programs find an object: `file:///…` or `s3://bucket/…`. */
  url(key: string): string;
  /**
   * An object as a file of this machine, for an engine or driver that reads files itself. Where it has to be copied, the copy
   * is compared with what was written.
   * @throws Failure `incomplete` when the copy has other bytes.
   */
  local(key: string, written: Digest): Promise<LocalFile>;
  /**
   * Looks whether the store can do what its settings ask of it.
   * @returns what a person should know about it.
   * @throws Failure that names the setting.
   */
  describe(): Promise<string>;
}

/** A file that stays readable until it is released; where the store is a folder, the object itself. */
export interface LocalFile {
  readonly path: string;
  release(): Promise<void>;
}

/** What is stored under a key. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** An object store that can be looked through as a whole, for upkeep. */
export interface ObjectInventory extends ObjectStore {
  /** Objects under a prefix, sorted by key. */
  inventory(prefix: string): Promise<StoredObject[]>;
  /** Removes an empty folder; one that holds something, or does not exist, stays as it is. */
  removeFolder(prefix: string): Promise<void>;
}

/** An object store in a folder, whose objects can be handled as files. */
export interface ObjectFolder extends ObjectInventory {
  path(key: string): string;
}
