/** Why a record could not be read: the words of `_fault`. */
export const RECORD_FAULTS = ["width", "quote", "encoding", "nul", "too_long", "header"] as const;
export type RecordFault = (typeof RECORD_FAULTS)[number];

/** Why nothing of a file is taken. */
export const STOPS = [
  "empty",
  "encoding",
  "header",
  "preamble",
  "trailer",
  "manifest",
  "two_tables",
  "bad_share",
  "gzip",
  "too_large",
  "kind_of_file",
] as const;
export type Stop = (typeof STOPS)[number];

/** A file that is stopped as a whole. `says` holds no values of its rows. */
export interface Stopped {
  readonly reason: Stop;
  readonly says: string;
}

/** What a file says of itself, in its last line or in a file beside it. */
export interface Trailer {
  readonly count: string | null;
  /** In the text of the amount's type; null where it has none. */
  readonly sum: string | null;
  /** Records whose amount cannot be read; where there are any, the sums cannot be compared. */
  readonly unreadable: number;
}

/** Records that could not be read. */
export function malformedIn({ malformed }: Pick<FileFacts, "malformed">): number {
  return Object.values(malformed).reduce((sum, count) => sum + count, 0);
}

/** What a file was, known once all of it was read. */
export interface FileFacts {
  /** Of the bytes after unpacking. */
  readonly bytes: number;
  readonly sha256: string;
  /** Records, malformed ones too; neither header nor footer. */
  readonly records: number;
  /** How many of them could not be read, by why. */
  readonly malformed: Readonly<Partial<Record<RecordFault, number>>>;
  readonly blankLines: number;
  /** Records of which a column's text could not be converted, by column of the contract. */
  readonly unconverted: Readonly<Record<string, number>>;
  /** Columns of the header that the layout does not name. */
  readonly added: readonly string[];
  /** Null where nothing is said, and where what is said is not what was read. */
  readonly trailer: Trailer | null;
  /** The sum that is said, in the text of the amount's type with all places of its sum, whatever was read; null where there is none. */
  readonly saidSum: string | null;
  /** Null for a file that can be taken. */
  readonly stopped: Stopped | null;
}
