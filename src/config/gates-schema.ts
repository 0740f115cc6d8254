import { z } from "zod";

const Share = z.number().min(0, "a share between 0 and 1").max(1, "a share between 0 and 1");
const CurrencyOrRest = z
  .string()
  .regex(/^(?:[A-Z]{3}|\*|-)$/, 'a currency code, "*" for every other one, or "-" for rows without one');
const Minor = z.int().min(0, "a whole number of minor units");

/** Money in minor units by currency. */
export const MinorByCurrency = z.record(CurrencyOrRest, Minor);

const LIMITS = {
  valid_share: Share,
  held_share: Share,
  sample: z.int().min(1, "at least 1 row"),
  quarantined_minor: MinorByCurrency.describe("Newly quarantined money allowed per currency and run, in minor units"),
  vanished_share: Share,
  missing_keys: z
    .int()
    .min(0, "a whole number of keys")
    .describe("Keys at the source that a key pass may find to be neither published nor waiting"),
  respelled_keys: z
    .enum(["warn", "ignore"])
    .describe(
      "Whether inserted keys that are other spellings of live ones are told of; ignore: each spelling is a key of its own",
    ),
};

/** The limits of a group's gates. */
export const GroupGates = z.strictObject({
  valid_share: LIMITS.valid_share.default(0.999),
  held_share: LIMITS.held_share.default(0.01),
  sample: LIMITS.sample.default(10_000),
  quarantined_minor: LIMITS.quarantined_minor.default({ "*": 1_000_000 }),
  vanished_share: LIMITS.vanished_share.default(0.05),
  missing_keys: LIMITS.missing_keys.default(0),
  respelled_keys: LIMITS.respelled_keys.default("warn"),
});

/** The limits that one feed has in place of its group's. */
export const FeedGates = z.strictObject(LIMITS).partial();

export type GroupGatesEntry = z.output<typeof GroupGates>;
export type FeedGatesEntry = z.output<typeof FeedGates>;
