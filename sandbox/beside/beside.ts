import type { Difference } from "../difference.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import type { Product, ProductRun } from "../product.ts";
import type { DemoRun } from "../scoreboard.ts";
import type { UnitName } from "../units.ts";
import type { MirrorRow } from "./mirror.ts";

/** The hour's run, as a system beside the books is told of it. */
export interface BesideHour {
  /** Its name among the units. */
  readonly run: string;
  /** How it reads. */
  readonly kind: DemoRun["kind"];
  readonly window: { readonly start: string; readonly end: string };
}

/** The same when the run has ended. */
export interface BesideRun extends BesideHour {
  readonly product: Product;
  readonly ended: ProductRun;
}

/** Something that should be recorded, or was. */
export type Unit = readonly [UnitName, Fault];

/** An hour that a system has lived, with what went wrong in it. */
export interface LivedHour {
  /** What a run should record that publishes it. */
  expect(hour: BesideHour): readonly Unit[];
  /** What the run has recorded, as far as the hour shows it. */
  look(run: BesideRun): Promise<readonly Unit[]>;
}

/** A system that the product loads with the books; it knows by itself what should come of it. */
export interface Beside {
  readonly feeds: readonly FeedId[];
  /** Rows that should be published after the last run that was expected, by feed and id, tombstones too. */
  readonly rows: ReadonlyMap<FeedId, ReadonlyMap<string, MirrorRow>>;
  /** Lives the next hour. */
  live(): LivedHour;
  /** What was recorded in all hours, and everything that was or is published otherwise than it should be. */
  compare(product: Product): Promise<{ readonly found: readonly Unit[]; readonly differences: readonly Difference[] }>;
}
