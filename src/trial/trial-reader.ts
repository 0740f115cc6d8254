import type { Column } from "../contract/contract.ts";

/** Why nothing of a file is taken, and what to do about it; no values of its rows. */
export interface StoppedFile {
  readonly reason: string;
  readonly says: string;
  readonly next: string;
}

/** What a file was, known once all of it was read. */
export interface FileRead {
  /** Records, malformed ones too. */
  readonly records: number;
  readonly malformed: number;
  /** Records of which some column could not be converted, added up over the columns. */
  readonly unconverted: number;
  /** Of the bytes after unpacking. */
  readonly sha256: string;
  readonly stopped: StoppedFile | null;
}

/** The row file of one file in the making: docs/landed-text.md. */
export interface RowsOfFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly columns: readonly string[];
  /** Only after the last of its bytes. */
  facts(): FileRead;
}

/** Reads files of one form. What a file is packed with is known by its name. */
export interface FileReader {
  /** The name of the file that has to lie beside a file and says what it is; null where none has to. */
  beside(name: string): string | null;
  /** `said`: the text of the file beside it; null where there is none. */
  rows(name: string, bytes: AsyncIterable<Uint8Array>, said: string | null): RowsOfFile;
  /** The bytes that positions of records count. */
  unpacked(name: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** A source file, and which of its layouts the files are written in. */
export interface LayoutChoice {
  readonly file: string;
  readonly text: string;
  /** `layout` or `feed.layout`. */
  readonly layout: string;
}

/** The forms of files that there are. */
export interface FileReaders {
  /** Plain files with these columns as their header. */
  plain(columns: readonly Column[]): FileReader;
  /**
   * Files as a layout of a source file says.
   * @throws Failure `usage` where there is no such layout, or what is wrong with it.
   */
  byLayout(choice: LayoutChoice, columns: readonly Column[]): FileReader;
}
