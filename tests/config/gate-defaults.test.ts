import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { GroupGates } from "../../src/config/gates-schema.ts";

test("docs/concepts.md tells the limits that hold where nobody declares any", () => {
  const [, table = ""] =
    /What nobody declares:\n\n\| limit \| default \|\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(
      readFileSync("docs/concepts.md", "utf8"),
    ) ?? [];
  const told = table.split("\n").map((line) => {
    const [, name = "", limit = ""] = /^\| `(\w+)` \| ([\w.]+) /.exec(line) ?? [];
    return [name, /^\d/.test(limit) ? Number(limit) : limit];
  });
  const { quarantined_minor: money, ...limits } = GroupGates.parse({});
  expect(Object.fromEntries(told)).toEqual({ ...limits, quarantined_minor: money["*"] });
});
