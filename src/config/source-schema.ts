import { z } from "zod";
import { FeedGates } from "./gates-schema.ts";
import type { SourceKind } from "./source-kind.ts";

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _");
const Columns = z.array(z.string().min(1)).min(1, "a list of at least one column");

/** The keys that feeds of all kinds have. */
const FEED = {
  contract: z
    .string()
    .min(1)
    .optional()
    .describe("Id of a contract, or its file relative to the pipeline folder; by default the id that is the feed's own"),
  source_key: Columns.optional().describe("The physical row in the source; the business key where there is none"),
  business_key: Columns.describe("What finance calls the thing"),
  rekey: z
    .literal("allowed")
    .optional()
    .describe("A published row may get another business key; such rows are counted and told, where they would wait otherwise"),
  version: z.string().min(1).optional().describe("Column that grows with every change of a row"),
  money: z
    .strictObject({ amount: z.string().min(1), currency: z.string().min(1).optional(), unit: z.enum(["minor", "major"]) })
    .optional(),
  posting_date: z.string().min(1).optional().describe("Decides the accounting period; never changes for a published key"),
  required: z.boolean().optional().describe("A blocked required feed blocks its group; by default as its source says"),
  absence: z
    .enum(["vanished", "incomplete", "nothing"])
    .optional()
    .describe(
      "What it means when a published row is not in a complete extract: it is gone, the extract is not whole, or nothing; by default what its kind knows of it, else vanished",
    ),
  gates: FeedGates.prefault({}).describe("Limits of this feed in place of its group's"),
};

/** The keys that source files of all kinds have, beside `feeds`. */
const SOURCE = {
  source: Name,
  kind: z.string(),
  owner: z.string(),
  required: z.boolean().default(true).describe("Whether its feeds are required that say nothing of it"),
  deadline_seconds: z
    .int()
    .min(10, "at least 10 seconds")
    .optional()
    .describe("How long an extract may take; one without a required feed is left out when it is late"),
  budget: z
    .strictObject({
      requests: z.int().min(1, "at least 1 request").optional(),
      seconds: z.int().min(1, "at least 1 second").optional(),
    })
    .prefault({})
    .describe("What one extract may use; what is complete by then is published, the next run goes on"),
};

/** A feed as a user writes it, without the keys of its kind. */
export type FeedEntry = z.output<z.ZodObject<typeof FEED>>;

/** `sources/*.yaml` as a user writes it, without the keys of its kind. */
export interface SourceFile {
  readonly source: string;
  readonly kind: string;
  readonly owner: string;
  readonly required: boolean;
  readonly deadline_seconds?: number | undefined;
  readonly budget: { readonly requests?: number | undefined; readonly seconds?: number | undefined };
  readonly feeds: Readonly<Record<string, FeedEntry>>;
}

/** What finance calls a record of a system that names its records itself is what the system calls it, unless a feed says otherwise. */
function ownKey(key: readonly string[]) {
  return FEED.business_key.default([...key]).describe("What finance calls the thing; by default its id");
}

function fileOf({ kind, source, feed, key }: SourceKind) {
  const taken = [
    ...Object.keys(source.shape).filter((key) => key in SOURCE),
    ...Object.keys(feed.shape).filter((key) => key in FEED),
  ];
  if (taken.length > 0) throw new Error(`the kind ${kind} redefines ${taken.join(", ")}, which all kinds have`);
  const entry = z.strictObject({ ...feed.shape, ...FEED, ...(key && { business_key: ownKey(key) }) });
  return z.strictObject({ ...SOURCE, kind: z.literal(kind), ...source.shape, feeds: z.record(Name, entry) });
}

/** The schema of `sources/*.yaml`: a union by `kind`. */
export function sourceSchema(kinds: readonly SourceKind[]): z.ZodType<SourceFile> {
  const [first, ...rest] = kinds.map(fileOf);
  if (first === undefined) throw new Error("no kind of source was handed in");
  return z.discriminatedUnion("kind", [first, ...rest]);
}
