import { buffer } from "node:stream/consumers";
import type { Evidence, ExtractRequest } from "../../source.ts";

/** What a layout says of the file that a partner sends beside each of its files. */
export interface ManifestFile {
  /** Its name: `{file}` is the name of the file, `{stem}` that without what tells its format and packing. */
  readonly file: string;
  /** A regular expression somewhere in its text; its groups `count`, `sum` and `sha256` are compared. */
  readonly pattern: string;
}

/** What a manifest states of its file, as it is written there. */
export interface Stated {
  readonly count?: string;
  readonly sum?: string;
  /** Of the file as it was sent, packed where it is. */
  readonly sha256?: string;
}

/** Longer manifests are none. */
const LONGEST_MANIFEST = 1024 * 1024;

/** The path of a file's manifest: beside it. */
export function manifestPath(path: string, { file }: ManifestFile): string {
  const at = path.lastIndexOf("/") + 1;
  const name = path.slice(at);
  const stem = name.replace(/(\.[^.]+)?(\.gz)?$/i, "");
  return path.slice(0, at) + file.replaceAll("{file}", () => name).replaceAll("{stem}", () => stem);
}

/** What the text of a manifest states; a sentence where it is not what the layout expects. */
export function statedIn(text: string, { pattern }: Pick<ManifestFile, "pattern">): Stated | string {
  const groups = new RegExp(pattern, "su").exec(text)?.groups;
  if (groups === undefined) return "its manifest does not say what the layout expects of it";
  const { count, sum, sha256 } = groups;
  return Object.fromEntries(Object.entries({ count, sum, sha256 }).filter(([, value]) => value !== undefined));
}

/** A sentence where a manifest states another hash than that of the file as it was sent; else null. */
export function otherThanStated({ sha256: stated }: Stated, sha256: string): string | null {
  const isOther = stated !== undefined && stated.toLowerCase() !== sha256;
  return isOther ? "its bytes are not those whose SHA-256 its manifest states" : null;
}

/** What the manifest beside a file states of it; a sentence where the file cannot be the one that it is of. */
export async function readManifest(
  { openEvidence }: Pick<ExtractRequest, "openEvidence">,
  of: { readonly evidence: Evidence; readonly beside: Evidence | undefined; readonly manifest: ManifestFile },
): Promise<Stated | string> {
  const { evidence, beside, manifest } = of;
  if (beside === undefined || beside.bytes > LONGEST_MANIFEST) return "its manifest is longer than a manifest is";
  const stated = statedIn((await buffer(openEvidence(beside))).toString("utf8"), manifest);
  return typeof stated === "string" ? stated : (otherThanStated(stated, evidence.sha256) ?? stated);
}
