import fc from "fast-check";
import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { cases } from "../support/cases.ts";
import type { Desk, Row } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { classesOf, ENTRIES, respelledDesk, respelling } from "../support/respelled.ts";

/** Spellings of which each is another one of `7` and its like. */
const SPELLED: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => `00${key}`,
  (key) => ` ${key}.0`,
  (key) => `0${key}.00\u00a0`,
];

/** A row, and how a desk that overlooks spelling reads it: a source key spells one key in one way. */
interface Spelled {
  readonly plain: Row;
  readonly respelled: Row;
}

const anyEntry = fc
  .record({
    id: fc.integer({ min: 1, max: 5 }),
    key: fc.constantFrom("1", "2", "3", null),
    amount: fc.constantFrom(100, 200, -1),
    parent: fc.constantFrom("A", "A", "A", "B"),
  })
  .map(({ id, key, amount, parent }): Spelled => {
    const more = { amount, account_id: parent };
    const spelled = key === null ? null : (SPELLED[(id + Number(key)) % SPELLED.length]?.(key) ?? key);
    return { plain: entry(id, key, more), respelled: entry(id, spelled, more) };
  });

const hours = fc.array(
  fc.record({ rows: fc.array(anyEntry, { maxLength: 5 }), left: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }) }),
  { minLength: 1, maxLength: 4 },
);

const same = (pipeline: Pipeline) => pipeline;

async function ends(desk: Desk) {
  return [
    await desk.query("select id, amount from staging.app_entries order by id"),
    await desk.query("select source_key, kind, unique_only, copies from ops.open_quarantine order by all"),
  ];
}

test("keys that are spelled in any way become what the same keys become that are spelled in one", async () => {
  await fc.assert(
    fc.asyncProperty(hours, async (played) => {
      await using plain = await respelledDesk(same);
      await using respelled = await respelledDesk(respelling());
      for (const { rows, left } of played) {
        // A row of the batch is in the snapshot that its keys are of.
        const gone = left.filter((id) => !rows.some(({ plain: row }) => row["id"] === id));
        const ids = [1, 2, 3, 4, 5].filter((id) => !gone.includes(id)).map((id) => ({ id }));
        const keys = left.length === 0 ? {} : { keys: { [ENTRIES]: ids } };
        const one = await plain.play({ ...keys, rows: { [ENTRIES]: rows.map((row) => row.plain) } });
        const other = await respelled.play({ ...keys, rows: { [ENTRIES]: rows.map((row) => row.respelled) } });
        expect([other.outcome.outcome, ...classesOf(other)]).toEqual([one.outcome.outcome, ...classesOf(one)]);
      }
      expect(await ends(respelled)).toEqual(await ends(plain));
    }),
    { numRuns: cases(4) },
  );
}, 900_000);
