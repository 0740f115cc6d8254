import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app/app.ts";
import { main } from "../../src/cli/main.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { WaitingRow } from "../../src/documents/waiting-row.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Desk } from "../support/desk.ts";
import { entry, withFeed, withRules } from "../support/desk-rows.ts";
import { ENTRIES, RESPELLED, respelledDesk, respelling } from "../support/respelled.ts";

/** What `quarantine show` prints of a desk's open entries. */
async function shown(desk: Desk, ...options: string[]): Promise<string> {
  const app = createApp({});
  const warehouse = { dialect: duckdbDialect, open: () => desk.open() };
  const onDesk = {
    ...app,
    pipeline: async () => ({ pipeline: desk.pipeline, warnings: [] }),
    look: { ...app.look, warehouse: async () => warehouse },
  };
  const [out, err]: [string[], string[]] = [[], []];
  const output = {
    out: (text: string | Uint8Array) => out.push(String(text)),
    err: (text: string) => err.push(text),
    paint: picocolors.createColors(false),
  };
  const code = await main(onDesk, ["quarantine", "show", "--feed", ENTRIES, ...options], output);
  expect([code, err.join("")]).toEqual([0, ""]);
  return out.join("");
}

async function rowsOf(desk: Desk): Promise<WaitingRow[]> {
  return (JSON.parse(await shown(desk, "--json")) as { rows: WaitingRow[] }).rows;
}

async function spelled(desk: Desk) {
  const rows = await rowsOf(desk);
  return rows.map(({ reasons }) => reasons.find(({ rule }) => rule === RESPELLED)?.spelled);
}

const play = (desk: Desk, rows: Parameters<typeof entry>[]) =>
  desk.play({ rows: { [ENTRIES]: rows.map((row) => entry(...row)) } });

describe("quarantine show names the other spellings of a key", () => {
  test("that is published, and that wait", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "17850")]);
    await play(desk, [
      [2, "017850"],
      [3, "17850.0"],
      [4, "another"],
    ]);
    expect(await spelled(desk)).toEqual([
      {
        own: "017850",
        others: [
          { key: "17850", is: "published" },
          { key: "17850.0", is: "waiting" },
        ],
      },
      {
        own: "17850.0",
        others: [
          { key: "17850", is: "published" },
          { key: "017850", is: "waiting" },
        ],
      },
    ]);
    expect(await shown(desk)).toContain(
      `  spelled     "017850"; under ${RESPELLED} the same as "17850" (published), "17850.0" (waiting)\n`,
    );
  });

  test("with what cannot be seen of them", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "caf\u00e9\u00a0")]);
    await play(desk, [[2, "cafe\u0301"]]);
    expect(await shown(desk)).toContain(`"cafe\\u0301"; under ${RESPELLED} the same as "caf\u00e9\\u00a0" (published)`);
  });

  test("and no row that claims nothing", async () => {
    const survivor = { order: "newest", by: "memo" } as const;
    await using desk = await respelledDesk(respelling({ survivor }), [entry(1, "7")]);
    await play(desk, [
      [2, "007"],
      [3, "07", { amount: -1 }],
    ]);
    expect(await spelled(desk)).toEqual([{ own: "007", others: [{ key: "7", is: "published" }] }, undefined]);
  });

  test("under a composite key, and where the rule's columns are the source key", async () => {
    const composite = respelling({ columns: ["memo", "amount"], texts: ["memo"] });
    await using desk = await respelledDesk(composite, [entry(1, "a", { memo: "7|", amount: 5 })]);
    await play(desk, [[2, "b", { memo: "07|", amount: 5 }]]);
    expect(await spelled(desk)).toEqual([{ own: "07\\||5", others: [{ key: "7\\||5", is: "published" }] }]);
    await using keyed = await respelledDesk(respelling({ sourceKey: ["entry_id"] }), [entry(1, "7")]);
    await play(keyed, [[1, "007"]]);
    expect(await spelled(keyed)).toEqual([{ own: "007", others: [{ key: "7", is: "published" }] }]);
  });

  test("masked where they are personal", async () => {
    const personal = (pipeline: Pipeline) =>
      withFeed(pipeline, ENTRIES, (feed) => ({
        ...feed,
        contract: {
          ...feed.contract,
          columns: feed.contract.columns.map((column) => (column.name === "entry_id" ? { ...column, pii: true } : column)),
        },
      }));
    await using desk = await respelledDesk((p) => personal(respelling()(p)), [entry(1, "7", { memo: "m" })]);
    await play(desk, [[2, "007", { memo: "m" }]]);
    expect(await spelled(desk)).toEqual([{ own: "•••", others: [{ key: "•••", is: "published" }] }]);
    expect(await shown(desk)).not.toContain("007");
  });

  test("not of a rule that compares values, nor of a rule that changed since", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7")]);
    await play(desk, [[2, "7"]]);
    const [row] = await rowsOf(desk);
    expect(row?.reasons.map(({ rule, spelled: found }) => [rule, found !== null])).toEqual([
      ["entry_id.unique", false],
      [RESPELLED, true],
    ]);
    const adjust = (p: Pipeline) =>
      withRules(p, ENTRIES, (rules) => rules.map((rule) => (rule.id === RESPELLED ? { ...rule, fingerprint: "another" } : rule)));
    await desk.play({ adjust, rows: { [ENTRIES]: [] } });
    expect(await spelled(desk)).toEqual([null]);
  });
});
