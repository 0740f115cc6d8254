import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { missingLine } from "../support/shown-lines.ts";
import { actsOf, follow, stepsOf } from "./followed-page.ts";
import { emptyPlace } from "./small-run.ts";

const page = readFileSync("docs/own-pipeline.md", "utf8");

test("docs/own-pipeline.md, followed word by word from an empty folder, publishes what it shows", async () => {
  await using place = await emptyPlace();
  const pipeline = join(place.folder, "pipeline");
  for (const folder of ["sources", "contracts", "models"]) mkdirSync(join(pipeline, folder), { recursive: true });
  const steps = stepsOf(page);
  expect(steps.map(({ verb }) => verb)).toEqual(Array.from({ length: 6 }, () => "Create"));
  follow(pipeline, steps);
  const client = await place.billing.client();
  for (const act of actsOf(page)) {
    if ("sql" in act) {
      await client.query(act.sql);
      continue;
    }
    const output: string[] = [];
    for (const command of act.commands) {
      const ended = await place.at({ BOOKS_URL: place.billing.url }, ...command, "--pipeline", pipeline);
      expect(ended.code, `${ended.out}${ended.err}`).toBe(0);
      output.push(...`${ended.out}${ended.err}`.split("\n"));
    }
    expect(missingLine(act.lines, output), output.join("\n")).toBeNull();
  }
});
