import { changeHour } from "./data.ts";
import { hourOf, incrementalPipeline, type ProductSide, ratio, setStage } from "./stage.ts";

/** Existing rows of the smaller of the two tables; the other's are given. */
const SMALL = 1_000_000;
/** Rows that an hour changes or brings. */
const CHANGED = 100_000;

/** An hour of changes, and the load of what existed before it. */
export interface Grown {
  readonly existing: number;
  readonly load: ProductSide;
  readonly hour: ProductSide;
}

async function hourOver(rows: number): Promise<Grown> {
  await using stage = await setStage(hourOf(rows));
  const pipeline = incrementalPipeline(stage.folder);
  console.error("what exists …");
  const load = stage.child<ProductSide>("product.ts", [pipeline, String(stage.n)]);
  await changeHour(stage.source, stage.n, CHANGED);
  console.error("an hour of changes …");
  const hour = stage.child<ProductSide>("product.ts", [pipeline, "-"]);
  return { existing: stage.rows, load, hour };
}

function side({ existing, load, hour }: Grown): Record<string, unknown> {
  const { seconds, peak_mb, statements, stages, rows, slowest } = hour;
  return {
    existing,
    load_seconds: load.seconds,
    load_peak_mb: load.peak_mb,
    seconds,
    peak_mb,
    statements,
    stages,
    rows,
    slowest,
  };
}

/** One hour of changes over few existing rows and over many, side by side. */
export async function grownBeside(of: {
  readonly name: string;
  readonly changed: number;
  readonly rows: number;
  readonly hourOver: (rows: number) => Promise<Grown>;
}): Promise<Record<string, unknown>> {
  const small = await of.hourOver(SMALL);
  const large = await of.hourOver(of.rows);
  return {
    name: of.name,
    changed: of.changed,
    existing: large.existing,
    seconds: large.hour.seconds,
    small_existing: small.existing,
    small_seconds: small.hour.seconds,
    ratio: ratio(large.hour.seconds, small.hour.seconds),
    peak_mb: large.hour.peak_mb,
    statements: large.hour.statements,
    small: side(small),
    large: side(large),
  };
}

/** The same hour of changes over few and over many existing rows. */
export async function growth(rows: number): Promise<Record<string, unknown>> {
  return grownBeside({ name: "growth", changed: CHANGED, rows, hourOver });
}
