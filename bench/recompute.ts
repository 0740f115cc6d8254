import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hourOf, incrementalPipeline, type ProductSide, ratio, setStage } from "./stage.ts";

const HERE = import.meta.dirname;

/** Models as they are where another SELECT is met: a view would become a table first, once. */
const stored = (model: string) => model.replace("materialized: view", "materialized: table");

/** Gives the invoices' model a SELECT with another description. */
function describe(pipeline: string, description: string): void {
  const models = join(HERE, "pipeline", "models");
  const text = readFileSync(join(models, "invoice.sql"), "utf8");
  const changed = text.replace(" description,", ` ${description} as description,`);
  if (changed === text) throw new Error("the model has no description to change");
  writeFileSync(join(pipeline, "models", "invoice.sql"), stored(changed));
}

/** A table whose SELECT changed, computed again over everything that is published: with few other rows, and with none but other ones. */
export async function recompute(rows: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(hourOf(rows));
  const pipeline = incrementalPipeline(stage.folder);
  const models = join(pipeline, "models");
  for (const file of readdirSync(models)) writeFileSync(join(models, file), stored(readFileSync(join(models, file), "utf8")));
  console.error("what exists …");
  const load = stage.child<ProductSide>("product.ts", [pipeline, String(stage.n)]);
  console.error("another SELECT that changes a hundredth of the rows …");
  describe(pipeline, "case when id like '%77' then 'one of a hundred' else description end");
  const few = stage.child<ProductSide>("product.ts", [pipeline, "-"]);
  console.error("another one that changes all …");
  describe(pipeline, "concat(description, '.')");
  const all = stage.child<ProductSide>("product.ts", [pipeline, "-"]);
  return {
    name: "recompute",
    existing: stage.rows,
    load_seconds: load.seconds,
    load_peak_mb: load.peak_mb,
    few_seconds: few.seconds,
    few_peak_mb: few.peak_mb,
    few_ratio: ratio(few.seconds, load.seconds),
    all_seconds: all.seconds,
    all_peak_mb: all.peak_mb,
    all_ratio: ratio(all.seconds, load.seconds),
    few: { stages: few.stages, slowest: few.slowest },
    all: { stages: all.stages, slowest: all.slowest },
  };
}
