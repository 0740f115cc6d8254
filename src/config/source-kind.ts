import type { z } from "zod";
import type { ColumnType, Contract } from "../contract/contract.ts";
import type { YamlPath } from "../contract/yaml-document.ts";

/** What a row file can say of a record beside its columns: docs/landed-text.md. */
export type LandedMeta = "_scope" | "_order" | "_fault" | "_payload" | "_unconverted";

/** How one feed is read; everything but `kind` is known to the source's kind alone. */
export interface Reading {
  readonly kind: string;
}

/** Where the adapter's own row about a part of a feed, a file, has what people ask of it: the keys that lead there. */
export type PartFields = Readonly<Record<"state" | "why" | "copy_of" | "version" | "sha256", readonly string[]>>;

/** Where that row has what a part says that it comes to: the text of a sum in the amount's own unit, its currency, its day. */
export type PartTotals = Readonly<Record<"sum" | "currency" | "day", readonly string[]>>;

/** How changes of a feed are seen, in words for people. */
export interface Coverage {
  /** Where changes come from. */
  readonly changes: string;
  /** What no hourly run sees, and what does. */
  readonly unseen: string;
}

/** Reads of parts of a feed again, which find what the hourly ones did not see. */
export interface Nets {
  /** Each of them, in words for people. */
  readonly says: readonly string[];
  /** Rows never change: one that is not as it was published says that one of both reads is wrong. */
  readonly immutable: boolean;
}

/** What shared code knows about the way a feed is read. */
export interface FeedFacts {
  readonly reading: Reading;
  /** `changes` from the published cursor, or the `whole` feed each time. */
  readonly reads: "changes" | "whole";
  /** What people call it at the source: `billing.invoices`. */
  readonly origin: string;
  /** One phrase for `plan`: `xid chg`. */
  readonly how: string;
  /** Columns of the source that the reading needs and the contract need not have. */
  readonly needs: readonly string[];
  /** Which columns about its records the feed's row files have; none where the source itself writes them. */
  readonly lands: readonly LandedMeta[];
  /** Extracts may say of rows that they were deleted. */
  readonly deletes: boolean;
  /** What a reader sees of changes, and what it does not, where that is not the same for all feeds of its kind. */
  readonly coverage?: Coverage;
  /** The feed of the same source, by its name, in whose rows those of this one stand; its keys are their `_scope`. */
  readonly inside?: string;
  /** Absent where a feed has none. */
  readonly nets?: Nets;
  /** Of a feed with parts: `ops.source_file` shows the adapter's own rows about them. */
  readonly parts?: PartFields;
  /** Of a feed whose parts may say what they come to. */
  readonly totals?: PartTotals;
}

/** A column that a feed names for a purpose, and what the purpose asks of it. */
export interface ColumnUse {
  readonly name: string;
  /** Where it is named, from the feed's own entry on. */
  readonly at: YamlPath;
  readonly types?: readonly ColumnType["kind"][];
  readonly required?: boolean;
  /** An instant is needed: what to do where the contract says that the column has no zone. */
  readonly zone?: string;
}

export interface LinkedFeed extends FeedFacts {
  /** Columns of the contract that the reading names. */
  readonly uses: readonly ColumnUse[];
  /** What the contract must hold of the reading; the paths lead from the feed's own entry on. */
  readonly beside?: (contract: Contract) => readonly Fault[];
  /** A column that the reader itself adds to every row, and that names the record for ever: the source key. */
  readonly recordKey?: string;
  /** The system gives each record an id of its own, which is its source key: nothing need be declared for that. */
  readonly namesRecords?: true;
  /** What it means that a published row is not in a complete extract; absent where that is for people to say. */
  readonly absence?: "vanished" | "incomplete" | "nothing";
  /** Of a row and a delete of one key the reader gives at most one in an extract, so that no version need order them. */
  readonly settlesDeletes?: true;
  /** Records may hold structures where the contract has a text: such a column is unconverted, texts included. */
  readonly structured?: true;
  /** Files may call a column by its `physicalName`. */
  readonly knowsPhysicalNames?: true;
}

/** How a feed of a kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function readingOf<T extends Reading>(kind: string, feed: { readonly id: string; readonly reading: Reading }): T {
  if (feed.reading.kind !== kind) throw new Error(`the feed ${feed.id} is of kind ${feed.reading.kind}, not ${kind}`);
  return feed.reading as T;
}

/** How a source of a kind is reached. @throws Error for a source of another kind: the program mixed up its readers. */
export function settingsOf<T>(
  kind: string,
  source: { readonly id: string; readonly kind: string; readonly settings: unknown },
): T {
  if (source.kind !== kind) throw new Error(`the source ${source.id} is of kind ${source.kind}, not ${kind}`);
  return source.settings as T;
}

/** Something that the schemas of a kind cannot say; the path leads from the top of the source file. */
export interface Fault {
  readonly at: YamlPath;
  readonly says: string;
  readonly next: string;
}

/** A source file as its kind understands it. */
export interface LinkedSource<T = unknown> {
  /** What the kind's reader needs; may hold secrets and is never printed. */
  readonly settings: T;
  /** Where the file names the embedded cluster; absent where it does not. */
  readonly embedded?: YamlPath;
  /** One for each feed of the file. */
  readonly feeds: ReadonlyMap<string, LinkedFeed>;
  readonly faults?: readonly Fault[];
  /** What may go wrong with what is declared; told, and nothing is stopped. */
  readonly doubts?: readonly Fault[];
}

/** A checked source file: the kind's own keys, and those that all kinds have. */
export interface SourceEntries<S extends z.ZodObject, F extends z.ZodObject> {
  readonly source: z.output<S>;
  readonly feeds: ReadonlyMap<string, z.output<F>>;
  /** Resolves a path against the pipeline folder. */
  readonly absolute: (path: string) => string;
}

/** A kind of source, as far as its configuration goes. It reaches nothing: a `SourceReader` does. */
export interface SourceKind<S extends z.ZodObject = z.ZodObject, F extends z.ZodObject = z.ZodObject, T = unknown> {
  /** The value of `kind` in a source file. */
  readonly kind: string;
  /** What feeds have as their business key that declare none; absent where each has to. */
  readonly key?: readonly string[];
  /** The keys of a source file beside those that all kinds have. */
  readonly source: S;
  /** The keys of a feed beside those that all kinds have. */
  readonly feed: F;
  link(entries: SourceEntries<S, F>): LinkedSource<T>;
  /** Settings that name the embedded cluster, with its address in place; only a kind that can name it has this. */
  resolved?(settings: T, url: string): T;
}
