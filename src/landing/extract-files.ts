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
type RowFileKind = { [K in keyof Extract]-?: Exclude<Extract[K], undefined> extends RowFiles ? K : never }[keyof Extract];
const KINDS: Readonly<Record<RowFileKind, true>> = { keys: true, scopes: true, deletes: true };

/** All row files of an extract, of every kind. */
export function rowFiles(extract: Extract): ExtractedFile[] {
  const others = (Object.keys(KINDS) as RowFileKind[]).flatMap((kind) => extract[kind]?.files ?? []);
  return [...extract.files, ...others];
}

/** Every object that a manifest vouches for: row files of every kind, and evidence. */
export function storedFiles(extract: Extract): StoredFile[] {
  return [...rowFiles(extract), ...(extract.evidence ?? [])];
}
