import { emptyFolder, type FloorSide, hourOf, type ProductSide, ratio, type Stage, setStage, WHOLE_PIPELINE } from "./stage.ts";

/** How the floor is called. */
export const floorArguments = (stage: Stage) => [stage.source, emptyFolder(stage, "floor"), "1500MB", String(stage.n)];

/** The floor and the product on the same data, in turn, each in a process of its own. */
export async function hour(rows: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(hourOf(rows));
  console.error("the floor …");
  const floor = stage.child<FloorSide>("floor/floor.ts", floorArguments(stage));
  console.error("the product …");
  const product = stage.child<ProductSide>("product.ts", [WHOLE_PIPELINE, String(stage.n)]);
  return hourResult(stage, floor, product);
}

/** The result of an hour by its two sides. */
export function hourResult(stage: Stage, floor: FloorSide, product: ProductSide): Record<string, unknown> {
  return {
    name: "hour",
    rows: stage.rows,
    floor_seconds: floor.seconds,
    seconds: product.seconds,
    cpu_seconds: product.cpu_seconds,
    ratio: ratio(product.seconds, floor.seconds),
    rows_per_second: Math.round(stage.rows / product.seconds),
    peak_mb: product.peak_mb,
    floor_peak_mb: floor.peak_mb,
    floor_copied_by: floor.copied_by,
    statements: product.statements,
    stages: product.stages,
    floor_stages: floor.stages,
    wrong_counts: { floor: floor.wrong, product: product.wrong },
    parent_quarantined: product.parent_quarantined,
    slowest: product.slowest,
  };
}
