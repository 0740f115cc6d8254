import type { Evidence, ExtractedFile, ExtractRequest, PartDecision, SourceColumn } from "../../source.ts";
import { packingOf, type SharedSpec, specOf } from "../csv-deriver.ts";
import type { CsvReading } from "../csv-kind.ts";
import type { FileFacts } from "../scan/file-facts.ts";
import type { FileSpec, Layout } from "../scan/layout.ts";
import type { FileEntry } from "./file-ledger.ts";
import type { FileLeft, FilePlace } from "./file-place.ts";
import type { PartnersLayout } from "./partners-layout.ts";

/** What files of one feed are taken with. */
export interface Taking {
  readonly request: Pick<ExtractRequest, "sink" | "evidence" | "openEvidence" | "signal" | "onProgress">;
  readonly feed: string;
  readonly place: FilePlace;
  readonly layouts: readonly PartnersLayout[];
  readonly spec: SharedSpec;
  /** The column that says in which currency an amount is; null where none does. */
  readonly currency: string | null;
  /** Whether the later of two files that have a key wins. */
  readonly isOrdered: boolean;
  /** What the layouts and the contract are, in one text. */
  readonly lookedWith: string;
  readonly ledger: ReadonlyMap<string, FileEntry>;
  /** What is in force is taken again. */
  readonly all: boolean;
  readonly redelivery: CsvReading["redelivery"];
  /** By path, the newest decision about a file. */
  readonly decisions: ReadonlyMap<string, PartDecision>;
  /** Whether columns that no layout names may stay in the evidence. */
  readonly allows: (added: readonly SourceColumn[]) => boolean;
}

/** A file whose rows are taken. */
export interface TakenFile {
  readonly path: string;
  readonly order: string;
  readonly layout: Layout;
  readonly evidence: Evidence;
  /** Its row file, once it has landed. */
  readonly rows: Promise<ExtractedFile>;
  readonly facts: FileFacts;
}

/** What became of the files that were looked at. */
export interface Looked {
  readonly taken: TakenFile[];
  /** Of manifests, and of files that are not taken, by path; they are kept. */
  readonly otherEvidence: Map<string, Evidence>;
  /** The ledger's new lines. */
  readonly entries: Map<string, FileEntry>;
  /** Of which everything is known: files that are taken, and those whose content is now another's. */
  readonly scopes: Set<string>;
  /** Left for the next run, by path: replaced or written to while they were read, or not readable at all. */
  readonly left: Map<string, FileLeft["why"] | "incomplete">;
  /** How many were not come to, beyond what one run may take. */
  later: number;
}

/** All that decides the rows of a file that stands at a place among the others. */
export function specOfFile(
  { spec, isOrdered }: Taking,
  { path, order, layout }: Pick<TakenFile, "path" | "order" | "layout">,
): FileSpec {
  return specOf(spec, { path, packing: packingOf(path), order: isOrdered ? order : null }, layout);
}
