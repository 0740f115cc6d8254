import { changeCompany, createCompany, ROWS_PER_CUSTOMER } from "./company/data.ts";
import { companyPipeline } from "./company/pipeline.ts";
import { type Grown, grownBeside } from "./growth.ts";
import { type ProductSide, setStage } from "./stage.ts";

/** Rows that an hour changes or brings, in all four systems. */
const CHANGED = 100_000;

async function hourOver(rows: number): Promise<Grown> {
  const n = Math.round(rows / ROWS_PER_CUSTOMER);
  await using stage = await setStage({ n, rows, create: createCompany });
  const pipeline = companyPipeline(stage.folder);
  console.error("what exists …");
  const load = stage.child<ProductSide>("product.ts", [pipeline, "0"]);
  await changeCompany(stage.source, { n, changed: CHANGED });
  console.error("an hour of changes …");
  const hour = stage.child<ProductSide>("product.ts", [pipeline, "-"]);
  return { existing: rows, load, hour };
}

/** The same hour of changes in four systems over few and over many existing rows, through tables over tables. */
export async function company(rows: number): Promise<Record<string, unknown>> {
  return grownBeside({ name: "company", changed: CHANGED, rows, hourOver });
}
