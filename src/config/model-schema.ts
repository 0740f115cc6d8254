import { z } from "zod";

const Columns = z.array(z.string().min(1)).min(1, "a list of at least one column");

const Join = z.strictObject({
  join: z.string().min(1).describe("An input of the model, of which rows are joined"),
  on: z
    .record(z.string(), z.string().min(1))
    .refine((on) => Object.keys(on).length > 0, "at least one pair of columns")
    .describe("Columns of the changed row, each with the column of the joined rows that equals it"),
  key: Columns.optional().describe(
    "Columns of the joined rows that are the key; absent: they reach keys as changes of that input do",
  ),
});

const Ways = z.union([Columns, z.array(z.union([Columns, Join])).min(1), Join]);
const Touch = z.union([Ways, z.string().min(1)]);

/** A join by which changed rows reach keys, as it is written. */
export type WrittenJoin = z.output<typeof Join>;
/** Columns, joins, or several of them. */
export type WrittenWays = z.output<typeof Ways>;
/** What `touched_by` says of an input. */
export type WrittenTouch = z.output<typeof Touch>;

/** The YAML in the first comment of `models/*.sql`. */
export const ModelHeaderSchema = z.strictObject({
  table: z
    .string()
    .regex(/^(?!.*__rows$)[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _ that does not end in __rows"),
  key: Columns,
  contract: z.string().min(1).describe("Id of a contract, or its file relative to the pipeline folder"),
  touched_by: z
    .record(z.string(), Touch)
    .describe(
      "Per feed, and per curated table that is read (`curated.customer`): columns of a changed row that are this key, a join to rows of another input that lead to it, several of these, or a SELECT of the key over `changed`",
    ),
  materialized: z
    .enum(["auto", "table", "view"])
    .default("table")
    .describe(
      "`view`: the rows are not stored a second time but read from the staging table, where the query is a list of columns and expressions over one feed (DuckDB; elsewhere a table is made); `auto`: so where the query is such a list, else a table",
    ),
  posting_date: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A date or timestamp of the table by which its rows are compared in parts where it has many (docs/reconciliation.md)",
    ),
  fans_out: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "Inputs, and queries of the SELECT, of which a join may give several rows, which is meant: the query brings them together itself",
    ),
});

export type ModelHeader = z.output<typeof ModelHeaderSchema>;
