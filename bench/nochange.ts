import { hourOf, incrementalPipeline, type ProductSide, setStage } from "./stage.ts";

/** An hour in which nothing changed at the source; the published tables' digests before and after prove that none changed here. */
export async function nochange(rows: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(hourOf(rows));
  const pipeline = incrementalPipeline(stage.folder);
  console.error("what exists …");
  stage.child<ProductSide>("product.ts", [pipeline, String(stage.n)]);
  console.error("an hour without changes …");
  const quiet = stage.child<ProductSide>("product.ts", [pipeline, "-"]);
  return {
    name: "nochange",
    existing: stage.rows,
    seconds: quiet.seconds,
    peak_mb: quiet.peak_mb,
    statements: quiet.statements,
    unchanged: quiet.digest_before === quiet.digest_after,
    stages: quiet.stages,
    rows: quiet.rows,
    digest: quiet.digest_after,
  };
}
