import { z } from "zod";

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _");
const Columns = z.array(z.string().min(1)).min(1, "a list of at least one column");

/** Anything else a driver would complete by its defaults, such as a server on this machine. `${…}` stands for a value in the schemas. */
export const PostgresUrl = z
  .string()
  .regex(/^(?:embedded$|postgres(?:ql)?:\/\/|\$\{)/, "`embedded` or an address postgres://…")
  .describe("PostgreSQL URL, or `embedded`");

const Feed = z.strictObject({
  table: z
    .string()
    .regex(/^[^.]+\.[^.]+$/, "a schema and a table, such as billing.invoices")
    .describe("Relation at the source"),
  contract: z.string().min(1).describe("Id of a contract, or its file relative to the pipeline folder"),
  source_key: Columns.optional().describe("The physical row in the source; the business key where the table has none"),
  business_key: Columns.describe("What finance calls the thing"),
  version: z.string().min(1).optional().describe("Column that grows with every change of a row"),
  cursor: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("xid"), column: z.string().min(1) }),
      z.strictObject({ mode: z.literal("updated_at"), column: z.string().min(1) }),
      z.strictObject({ mode: z.literal("whole") }),
    ])
    .default({ mode: "whole" }),
  money: z
    .strictObject({ amount: z.string().min(1), currency: z.string().min(1).optional(), unit: z.enum(["minor", "major"]) })
    .optional(),
  posting_date: z.string().min(1).optional().describe("Decides the accounting period; never changes for a published key"),
  required: z.boolean().default(true).describe("A blocked required feed blocks its group"),
});

/** `sources/*.yaml` as a user writes it. */
export const SourceSchema = z.strictObject({
  source: Name,
  kind: z.enum(["postgres"]),
  owner: z.string(),
  connection: z.strictObject({ url: PostgresUrl }),
  parallel: z.int().min(1, "1 to 4").max(4, "1 to 4").default(2),
  statement_timeout_seconds: z.int().min(1, "at least 1 second").default(1800),
  feeds: z.record(Name, Feed),
});

export type SourceFile = z.output<typeof SourceSchema>;
export type FeedEntry = z.output<typeof Feed>;
