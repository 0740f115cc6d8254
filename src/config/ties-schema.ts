import { z } from "zod";

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _");

/** Columns of what is printed of a tie: a side of that name would hide one. */
const TAKEN = ["period", "difference", "equal", "timing", "fee", "cutoff", "untied", "key", "class", "tie", "month", "sides"];

const Side = z.strictObject({
  name: Name.refine((name) => !TAKEN.includes(name), `another name: ${TAKEN.join(", ")} are columns of what is printed`),
  select: z
    .string()
    .min(1)
    .optional()
    .describe(
      "One SELECT over staging and curated that gives the tie's key, `id` (of its own row), `currency`, `amount_minor`, `on_day`, and `fee_minor` where a fee explains a difference",
    ),
  files: z
    .string()
    .min(1)
    .optional()
    .describe("A feed of files, in place of `select`: what each of them says that it comes to; the tie's key is `file`"),
  rows_of: z
    .string()
    .min(1)
    .optional()
    .describe("The same feed, in place of `select`: the rows that came of those files, published or waiting"),
  adds_up: z
    .boolean()
    .default(false)
    .describe("Several rows of a key are one amount, in one currency; otherwise they are duplicates"),
  lags_days: z
    .int()
    .min(0, "a whole number of days")
    .max(366, "at most 366 days")
    .default(0)
    .describe("So many days behind the other sides a row may be missing here: it is settled later"),
});

const Tie = z.strictObject({
  about: z.string().min(1).describe("What should be the same on all sides, for people"),
  owner: z.string().min(1).describe("Who answers for differences; one of the pipeline's owners"),
  key: z.array(Name).min(1, "at least one column"),
  sides: z.array(Side).min(2, "two or three sides").max(3, "two or three sides"),
});

/** `ties.yaml` as a user writes it. */
export const TiesSchema = z.strictObject({
  ties: z.record(Name, Tie).describe("What several systems say of one thing, by a name"),
});

export type TiesFile = z.output<typeof TiesSchema>;
