import type { ExtractedFile, RowFiles } from "../sources/source.ts";
import type { Manifest } from "./manifest.ts";

/** An object that a manifest names. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

type Extract = Manifest["extract"];

/** The members of an extract that hold row files beside its rows; the compiler misses one that is not listed. */
export type Beside = { [K in keyof Extract]-?: Exclude<Extract[K], undefined> extends RowFiles ? K : never }[keyof Extract];
const KINDS: Readonly<Record<Beside, true>> = { keys: true, only: true, scopes: true, deletes: true, underway: true };
export const BESIDE = Object.keys(KINDS) as readonly Beside[];

/** All row files of an extract, of every kind. */
export function rowFiles(extract: Extract): ExtractedFile[] {
  const others = BESIDE.flatMap((kind) => extract[kind]?.files ?? []);
  return [...extract.files, ...others];
}

/** Every object that a manifest vouches for: row files of every kind, and evidence. */
export function storedFiles(extract: Extract): StoredFile[] {
  return [...rowFiles(extract), ...(extract.evidence ?? [])];
}

/** How many rows an extract has. */
export function rowsOf({ files }: Pick<Extract, "files">): number {
  return files.reduce((sum, file) => sum + file.rows, 0);
}
