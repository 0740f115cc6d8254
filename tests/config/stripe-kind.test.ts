import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadPipeline } from "../../src/config/load.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { stripeKind } from "../../src/sources/stripe/stripe-kind.ts";

const EXAMPLE = "examples/stripe";
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** The example with a text of one of its files replaced; without one as it is. */
function loaded(edit?: { file: string; from: string; to: string }) {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  made.push(directory);
  cpSync(EXAMPLE, directory, { recursive: true });
  if (edit) {
    const path = join(directory, edit.file);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(edit.from);
    writeFileSync(
      path,
      text.replace(edit.from, () => edit.to),
    );
  }
  return loadPipeline({ directory, env: {}, kinds: [stripeKind] }).pipeline;
}

/** What is wrong with the example after an edit. */
function wrongOf(edit: { file: string; from: string; to: string }): string[] {
  try {
    loaded(edit);
  } catch (error) {
    if (error instanceof Failure) return error.problems.map(({ says, next }) => `${says} > ${next}`);
    throw error;
  }
  return [];
}

test("lines and items stand in their parents, and every feed says what its nets read again", () => {
  const { feeds } = loaded();
  const lines = feeds.get("stripe.invoice_lines");
  expect([lines?.contract.rows, lines?.inside, lines?.scoped]).toEqual(["/lines/data", "invoices", true]);
  expect(feeds.get("stripe.invoices")?.contract.rows).toBeUndefined();
  expect(feeds.get("stripe.refunds")?.nets).toEqual({
    says: ["each day, a day and three days after it", "pending ones", "a thirtieth of history"],
    immutable: false,
  });
  expect(feeds.get("stripe.events")?.nets).toEqual({ says: ["each day, a day and three days after it"], immutable: true });
});

const LINES = "contracts/stripe.invoice_lines.odcs.yaml";
const ROWS = "    customProperties:\n      - { property: rows, value: /lines/data }\n";

test.each<[string, { file: string; from: string; to: string }, RegExp]>([
  [
    "rows in a list, and nothing says where",
    { file: LINES, from: ROWS, to: "" },
    /rows of this feed stand in the list \/lines\/data of invoices; the contract says nothing of that > add the custom property rows: \/lines\/data/,
  ],
  [
    "rows in another list",
    { file: LINES, from: "/lines/data }", to: "/items/data }" },
    /stand in the list \/lines\/data of invoices; the contract says \/items\/data/,
  ],
  [
    "rows of objects of their own in a list",
    {
      file: "contracts/stripe.charges.odcs.yaml",
      from: "    logicalType: object\n",
      to: "    logicalType: object\n    customProperties: [{ property: rows, value: /x }]\n",
    },
    /rows of this feed are objects of their own; the contract says \/x > take the custom property rows out/,
  ],
  ["a list that is no pointer", { file: LINES, from: "/lines/data }", to: "lines }" }, /a JSON pointer/],
  [
    "a column without a place",
    { file: LINES, from: "        customProperties:\n          - { property: path, value: /id }\n", to: "" },
    /nothing says where in the object id stands > add the custom property path/,
  ],
  [
    "another absence than the kind's",
    { file: "sources/stripe.yaml", from: "absence: incomplete", to: "absence: vanished" },
    /write absence: incomplete/,
  ],
])("a mistake is found: %s", (_, edit, says) => {
  expect(wrongOf(edit).join("\n")).toMatch(says);
});
