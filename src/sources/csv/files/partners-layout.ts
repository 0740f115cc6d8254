import type { Layout } from "../scan/layout.ts";
import type { ManifestFile } from "./manifest-file.ts";

/** A layout and the partner whose files it is of. */
export interface PartnersLayout {
  /** Null where the pattern of the files names no partner: then it is of all of them. */
  readonly partner: string | null;
  readonly layout: Layout;
  /** The file that it wants beside each file; null for none. */
  readonly manifest: ManifestFile | null;
}

/** The layouts that a file may be of, in the order in which they are tried. */
export function layoutsFor(
  layouts: readonly PartnersLayout[],
  { partner }: { readonly partner: string | null },
): PartnersLayout[] {
  return layouts.filter((of) => of.partner === null || of.partner === partner);
}
