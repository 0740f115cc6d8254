import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { act, follow, stepsOf } from "./followed-page.ts";
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
  const at = { BOOKS_URL: place.billing.url };
  await act(page, {
    query: (sql) => client.query(sql),
    command: (words) => place.at(at, ...words, "--pipeline", pipeline),
  });
});
