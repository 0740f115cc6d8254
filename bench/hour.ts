import {
  emptyFolder,
  type FloorSide,
  hourOf,
  medianOf,
  ownPlace,
  type ProductSide,
  ratio,
  run,
  type Side,
  type Stage,
  setStage,
  WHOLE_PIPELINE,
} from "./stage.ts";

/** How the floor is called. */
export const floorArguments = (stage: Stage) => [stage.source, emptyFolder(stage, "floor"), "1500MB", String(stage.n)];

/** The floor and the product on the same data, in turn for some rounds, each in a process of its own; the rounds in the middle count. */
export async function hour(rows: number, rounds: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(hourOf(rows));
  const [floors, products]: [FloorSide[], ProductSide[]] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds}: the floor …`);
    floors.push(stage.child<FloorSide>("floor/floor.ts", floorArguments(stage)));
    console.error(`round ${round} of ${rounds}: the product …`);
    using own = await ownPlace(stage, `round_${round}`);
    products.push(run<ProductSide>("product.ts", [WHOLE_PIPELINE, String(stage.n)], own.env));
  }
  const all = (sides: readonly Side[]) => sides.map(({ seconds }) => seconds);
  const beside = { all_seconds: all(products), floor_all_seconds: all(floors) };
  return { ...hourResult(stage, medianOf(floors), medianOf(products)), rounds, ...beside };
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
