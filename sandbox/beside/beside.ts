import type { Difference } from "../curated.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import type { Product, ProductRun } from "../product.ts";
import type { DemoRun } from "../scoreboard.ts";
import type { UnitName } from "../units.ts";

/** An hour of the demo, as a system beside the books is told of it. */
export interface BesideHour {
  readonly product: Product;
  /** The name of the hour's run among the units. */
  readonly run: string;
  readonly window: { readonly start: string; readonly end: string };
}

/** What a run of it should have recorded and what it did, as far as the hour shows it. */
export interface BesideRun {
  readonly run: ProductRun;
  /** How it was asked to read. */
  readonly kind: DemoRun["kind"];
  readonly expected: readonly (readonly [UnitName, Fault])[];
  readonly found: readonly (readonly [UnitName, Fault])[];
}

/** A system that the product loads beside the books, by a group of its own; it knows by itself what should come of it. */
export interface Beside {
  readonly group: string;
  readonly feeds: readonly FeedId[];
  /** Lives the next hour and lets the product load it. */
  playHour(hour: BesideHour): Promise<BesideRun>;
  /** What was recorded in all hours, and everything that was or is published otherwise than it should be. */
  compare(product: Product): Promise<{
    readonly found: readonly (readonly [UnitName, Fault])[];
    readonly differences: readonly Difference[];
  }>;
}
