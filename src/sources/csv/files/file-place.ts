/** A file below a location. */
export interface PlacedFile {
  /** Below the location, with `/`. */
  readonly path: string;
  /** Another one whenever its content may be another, in the words of its place. */
  readonly version: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Thrown while a file is read, which is left for the next run: it is not what was listed any more, cannot be read, or did not come whole. */
export class FileLeft extends Error {
  readonly why: "changed" | "unreadable" | "damaged";

  constructor(why: FileLeft["why"], cause: unknown) {
    super(`the file was ${why}`, { cause });
    this.why = why;
  }
}

/** Where a source's files are. */
export interface FilePlace {
  /** The source's id, for errors. */
  readonly source: string;
  /** Whether a file can be seen before it is whole. */
  readonly settles: boolean;
  /**
   * Every file below a folder of the location, `""` or `folder/`, in no order; what begins with a dot is nobody's.
   * @throws Failure where it cannot be listed, for an empty listing would say that all files are gone.
   */
  list(base: string): Promise<PlacedFile[]>;
  /**
   * The bytes of the version that was listed, and of no other.
   * @throws FileLeft before the first byte, between two or behind the last.
   * @throws Failure where it is not the file that cannot be read but the place.
   */
  open(file: PlacedFile): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
