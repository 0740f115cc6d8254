import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import { cases } from "../support/cases.ts";
import type { Desk, Hour, Played, Row } from "../support/desk.ts";
import { entry, withFeed, withRules } from "../support/desk-rows.ts";
import { ENTRIES, respelledDesk } from "../support/respelled.ts";

const same = (pipeline: Pipeline) => pipeline;

/** What the gate says of the entries: undefined where it was not asked. */
function told({ outcome }: Played) {
  expect(outcome.outcome).toBe("published");
  const gates = outcome.gates.filter(({ name, feed }) => name === "respelled_keys" && feed === ENTRIES);
  expect(gates.length).toBeLessThan(2);
  const says = gates[0] && `${gates[0].verdict} ${gates[0].observed.split(": a unique rule")[0]}`;
  return says;
}

const play = async (desk: Desk, entries: readonly Row[], more: Partial<Hour> = {}) =>
  told(await desk.play({ ...more, rows: { [ENTRIES]: entries } }));

describe("a key of text that a run inserts", () => {
  test.each([
    ["its zeros", "0042", "42"],
    ["its case", "INV-7", "inv-7"],
    ["blanks", "INV-7", " INV-7\u00a0"],
    ["how characters are composed", "caf\u00e9", "cafe\u0301"],
    ["a point and a zero", "17850", "17850.0"],
    ["all of it at once", "\u00c9-1 ", "00e\u0301-1"],
  ])("is told of where a live one differs in nothing but %s", async (_, held, other) => {
    await using desk = await respelledDesk(same, [entry(1, held), entry(2, "other")]);
    const [key, beside] = [JSON.stringify(other), JSON.stringify(held)];
    const says = `warn 1 inserted keys are other spellings of live ones (${key} beside ${beside})`;
    expect(await play(desk, [entry(3, other), entry(4, "new")])).toBe(says);
    expect(await play(desk, [entry(3, other, { amount: 200 })])).toBeUndefined();
    expect(await play(desk, [entry(5, "newer")])).toBe("pass 0 keys");
  });

  test("is told of in a first load, and beside a key that came with it", async () => {
    await using desk = await respelledDesk(same);
    const says = (keys: number) => `warn ${keys} inserted keys are other spellings of live ones`;
    expect(await play(desk, [entry(1, "7"), entry(2, "07"), entry(3, "007"), entry(4, "8")])).toBe(
      `${says(3)} ("007" beside "7", "07" beside "007", "7" beside "007")`,
    );
    expect(await play(desk, [entry(5, "A"), entry(6, "a")])).toBe(`${says(2)} ("A" beside "a", "a" beside "A")`);
  });

  test("is told of five times at most, and by what can be read of it", async () => {
    const ids = [1, 2, 3, 4, 5, 6];
    await using desk = await respelledDesk(
      same,
      ids.map((id) => entry(id, `k${id}`)),
    );
    const entries = [...ids.map((id) => entry(id + 10, `K${id}`)), entry(99, `${"0".repeat(100)}k1`)];
    const says = await play(desk, entries);
    expect(says).toContain(`warn 7 inserted keys are other spellings of live ones ("${"0".repeat(80)}" beside "K1", "K1" beside`);
    expect(says).toContain('"K4" beside "k4" and others)');
  });

  test("is no other spelling of a key that is gone, goes in the same run, or waits", async () => {
    await using desk = await respelledDesk(same, [entry(1, "e1"), entry(2, "e2"), entry(3, "e3")]);
    const without = (...ids: number[]) => ({ keys: { [ENTRIES]: ids.map((id) => ({ id })) } });
    expect(await play(desk, [], without(2, 3))).toBeUndefined();
    expect(await play(desk, [entry(4, "E1"), entry(5, "E2")], without(3, 4, 5))).toBe("pass 0 keys");
    expect(await play(desk, [entry(6, "E3", { amount: -1 })])).toBeUndefined();
    expect(await play(desk, [entry(6, "E3")])).toBe('warn 1 inserted keys are other spellings of live ones ("E3" beside "e3")');
  });

  test("is not named where it is personal", async () => {
    const personal = (feed: Feed): Feed => {
      const columns = feed.contract.columns.map((c) => (c.name === "entry_id" ? { ...c, pii: true } : c));
      return { ...feed, contract: { ...feed.contract, columns } };
    };
    await using desk = await respelledDesk((pipeline) => withFeed(pipeline, ENTRIES, personal), [entry(1, "e1")]);
    expect(await play(desk, [entry(2, "E1")])).toBe("warn 1 inserted keys are other spellings of live ones");
  });

  test("is not looked at where each spelling is declared a key of its own, nor where no column of the key is a text", async () => {
    const ignoring = (feed: Feed): Feed => ({ ...feed, gates: { respelledKeys: "ignore" } });
    await using desk = await respelledDesk(same, [entry(1, "e1")]);
    const adjust = (pipeline: Pipeline) => withFeed(pipeline, ENTRIES, ignoring);
    expect(await play(desk, [entry(2, "E1")], { adjust })).toBeUndefined();

    const byAmount = (feed: Feed): Feed => ({ ...feed, businessKey: ["amount"] });
    const withoutUnique = (pipeline: Pipeline) =>
      withRules(withFeed(pipeline, ENTRIES, byAmount), ENTRIES, (rules) => rules.filter(({ kind }) => kind !== "unique"));
    await using numbered = await respelledDesk(withoutUnique, [entry(1, "e1")]);
    expect(await play(numbered, [entry(2, "E1", { amount: 7 })])).toBeUndefined();
  });

  test("is compared with rows of an earlier release, which have no form, and with other parts of the key by value", async () => {
    const composed = (feed: Feed): Feed => ({ ...feed, businessKey: ["entry_id", "amount"] });
    const adjust = (pipeline: Pipeline) =>
      withRules(withFeed(pipeline, ENTRIES, composed), ENTRIES, (rules) => rules.filter(({ kind }) => kind !== "unique"));
    await using desk = await respelledDesk(adjust, [entry(1, "e1", { amount: 7 }), entry(2, "e2", { amount: 7 })]);
    const session = await desk.open();
    await session.run({ name: "test", sql: "UPDATE staging.app_entries__rows SET _form = NULL WHERE id = 1" });
    await session.close();
    expect(await play(desk, [entry(3, "E1", { amount: 8 }), entry(4, "E2", { amount: 8 })])).toBe("pass 0 keys");
    const says = 'warn 2 inserted keys are other spellings of live ones ("0E1|7" beside "e1|7", "0E2|7" beside "e2|7")';
    expect(await play(desk, [entry(5, "0E1", { amount: 7 }), entry(6, "0E2", { amount: 7 })])).toBe(says);
  });
});

/** Spellings of `a1` and its like; what they have in common is the digit. */
const SPELLED: readonly ((key: string) => string)[] = [
  (key) => `a${key}`,
  (key) => `A${key}`,
  (key) => `0a${key}`,
  (key) => ` a${key}`,
];

const anyHours = fc.array(
  fc.uniqueArray(fc.record({ key: fc.constantFrom("1", "2", "3"), spelled: fc.nat({ max: SPELLED.length - 1 }) }), {
    maxLength: 4,
    selector: ({ key, spelled }) => `${key}/${spelled}`,
  }),
  { minLength: 1, maxLength: 4 },
);

test("in any hours: as many keys are told of as are new and have another spelling that is live", async () => {
  await fc.assert(
    fc.asyncProperty(anyHours, async (hours) => {
      await using desk = await respelledDesk(same);
      const live = new Map<string, string>();
      for (const hour of hours) {
        const keys = hour.map(({ key, spelled }) => ({
          key,
          text: SPELLED[spelled]?.(key) ?? key,
          id: 10 * Number(key) + spelled,
        }));
        const inserted = keys.filter(({ text }) => !live.has(text));
        for (const { text, key } of keys) live.set(text, key);
        const others = inserted.filter(({ text, key }) => [...live].some(([other, of]) => of === key && other !== text));
        const says = await play(
          desk,
          keys.map(({ id, text }) => entry(id, text)),
        );
        const count = says === undefined ? null : Number(/(\d+)/.exec(says)?.[1]);
        expect(count).toBe(inserted.length === 0 ? null : others.length);
      }
    }),
    { numRuns: cases(8) },
  );
}, 900_000);
