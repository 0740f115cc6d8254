import { emptyFolder, hourOf, type ProductSide, ratio, type Side, setStage, WHOLE_PIPELINE } from "./stage.ts";

/**
 * The 25 rules over landed rows: the product gives every row its label, its class and its reasons; the query beside it counts
 * violations over the same files and keeps nothing.
 */
export async function checks(rows: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(hourOf(rows));
  console.error("the product lands and judges …");
  const product = stage.child<ProductSide>("product.ts", [WHOLE_PIPELINE, String(stage.n)]);
  const judge = product.stages.find((s) => s.stage === "judge")?.seconds ?? Number.NaN;
  console.error("fused counting …");
  const counting = stage.child<Side>("floor/counting.ts", [
    stage.state,
    emptyFolder(stage, "counting"),
    "1500MB",
    String(stage.n),
  ]);
  return {
    name: "checks",
    rows: stage.rows,
    seconds: judge,
    counting_seconds: counting.seconds,
    ratio: ratio(judge, counting.seconds),
    rows_per_second: Math.round(stage.rows / judge),
    counting_stages: counting.stages,
    wrong_counts: { counting: counting.wrong, product: product.wrong },
  };
}
