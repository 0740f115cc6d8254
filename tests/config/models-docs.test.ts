import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the models that docs/models.md shows are those that are played against their SELECTs", () => {
  const shown = [...readFileSync("docs/models.md", "utf8").matchAll(/`models\/(\w+)\.sql`[^`]*\n\n```sql\n([\s\S]*?)```/g)];
  expect(shown.map(([, name]) => name)).toEqual(["link", "settled", "memo_total"]);
  for (const [, name, sql] of shown) {
    expect(sql, name).toBe(readFileSync(`tests/fixtures/pipelines/linked/models/${name}.sql`, "utf8"));
  }
});
