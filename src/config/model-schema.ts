import { z } from "zod";

const Columns = z.array(z.string().min(1)).min(1, "a list of at least one column");

/** The YAML in the first comment of `models/*.sql`. */
export const ModelHeaderSchema = z.strictObject({
  table: z
    .string()
    .regex(/^(?!.*__rows$)[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _ that does not end in __rows"),
  key: Columns,
  contract: z.string().min(1).describe("Id of a contract, or its file relative to the pipeline folder"),
  touched_by: z
    .record(z.string(), z.union([Columns, z.array(Columns).min(1), z.string().min(1)]))
    .describe(
      "Per feed, and per curated table that is read (`curated.customer`): columns of a changed row that are this key, several lists of them, or a SELECT of the key over `changed`",
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
