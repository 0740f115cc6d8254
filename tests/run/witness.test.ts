import { describe, expect, test } from "vitest";
import type { Engine } from "../../src/run/engine.ts";
import type { ControlTotal, Witness } from "../../src/sources/source.ts";
import { account, entry } from "../sources/conformance-subject.ts";
import { openTwoFolders, type TwoFolders } from "../support/two-folders.ts";

/** Entries are counted by another witness, who counts this. */
function countedBy({ house }: TwoFolders, witness: Witness, totals: readonly ControlTotal[]): Pick<Engine, "readerOf"> {
  return {
    readerOf: async (source) => {
      const reader = await house.engine.readerOf(source);
      return {
        ...reader,
        extract: async (request) => {
          const given = await reader.extract(request);
          const extracts = given.extracts.map((e) => (e.feed === "late.entries" ? { ...e, witness, totals } : e));
          return { ...given, extracts };
        },
      };
    },
  };
}

async function runWith(witness: Witness, totals: readonly ControlTotal[], entries = [entry(1), entry(2)]) {
  const folders = await openTwoFolders();
  folders.accounts.put([account(1)]);
  folders.entries.put(entries);
  const ended = await folders.house.run({}, countedBy(folders, witness, totals));
  const gate = ended.report?.gates.find((g) => g.name === "control_totals" && g.feed === "late.entries");
  return { folders, ended, gate };
}

const all = (rows: string, minor: string): ControlTotal[] => [{ currency: "*", rows, minor, unreadable: "0" }];

describe("a trailer", () => {
  test("without currencies is compared over all of them", async () => {
    const { folders, ended, gate } = await runWith("trailer", all("2", "300"), [entry(1), entry(2, { currency: "JPY" })]);
    await using _ = folders;
    expect(ended.report?.outcome).toBe("published");
    expect(gate).toMatchObject({ verdict: "pass", severity: "block", observed: "equal" });
    expect(gate?.limit).toContain("trailer");
    expect(await folders.house.query("select witness from ops.batch where feed = 'late.entries'")).toEqual([
      { witness: "trailer" },
    ]);
  });

  test.each([
    ["another number of records", all("3", "300"), "-1 rows, 0 minor"],
    ["another sum", all("2", "301"), "0 rows, -1 minor"],
  ])("that says %s blocks", async (_name, totals, observed) => {
    const { folders, ended, gate } = await runWith("trailer", totals);
    await using _ = folders;
    expect(ended.report?.exit_code).toBe(10);
    expect(gate).toMatchObject({ verdict: "fail", observed });
  });

  test.each([
    { says: "what was read", sums: ["100", "200"], outcome: "published", observed: "equal" },
    {
      says: "sums that are off and make up for each other",
      sums: ["200", "100"],
      outcome: "blocked",
      observed: "USD: 0 rows, -100 minor, JPY: 0 rows, 100 minor",
    },
  ])("of each currency that says $says", async ({ sums: [usd = "", jpy = ""], outcome, observed }) => {
    const of = (currency: string, minor: string) => ({ currency, rows: "1", minor, unreadable: "0" });
    const { folders, ended, gate } = await runWith(
      "trailer",
      [of("USD", usd), of("JPY", jpy)],
      [entry(1), entry(2, { currency: "JPY" })],
    );
    await using _ = folders;
    expect(ended.report?.outcome).toBe(outcome);
    expect(gate?.observed.split(", ").sort()).toEqual(observed.split(", ").sort());
  });

  test("counts records whose amount cannot be read, and then its sum is told and does not block", async () => {
    const { folders, ended, gate } = await runWith("trailer", all("2", "300"), [entry(1), entry(2, { amount: null })]);
    await using _ = folders;
    expect(ended.report?.outcome).toBe("published");
    expect(gate).toMatchObject({ verdict: "pass", observed: "0 rows, -200 minor, 1 unreadable" });
  });
});

test("where nobody counted, the report says so and nothing is blocked", async () => {
  const { folders, ended, gate } = await runWith("none", []);
  await using _ = folders;
  expect(ended.report?.outcome).toBe("published");
  expect(gate).toMatchObject({ severity: "warn", verdict: "warn", observed: "2 rows were read" });
});

test("rows that the witness could not read and we could, or the other way round, block", async () => {
  const totals = [{ currency: "USD", rows: "2", minor: "300", unreadable: "1" }];
  const { folders, ended, gate } = await runWith("second_read", totals);
  await using _ = folders;
  expect(ended.report?.exit_code).toBe(10);
  expect(gate).toMatchObject({ verdict: "fail", observed: "USD: 0 rows, 0 minor, -1 unreadable" });
});
