import type { Company } from "../cast/company.ts";
import type { Act } from "../cast/facts.ts";
import type { Feed } from "../feed.ts";
import type { HourPlan } from "./schedule.ts";
import type { Truth } from "./truth.ts";

/** A system that keeps a book of the company's life, in words of its own. */
export interface Book {
  /** What the pipeline can load from it, parents before children. */
  readonly feeds: readonly Feed[];
  /** Opens it, empty, before the company has a past. Whatever it commits it tells the truth, row by row. */
  open(company: Company, truth: Truth): Promise<OpenBook>;
}

/** A book that is being kept. */
export interface OpenBook extends AsyncDisposable {
  /** Writes what happened, as one commit. */
  write(act: Act): Promise<void>;
  /**
   * What the system does by itself before the hour's life: it corrects, tidies, and undoes what was only for an hour. Gives what
   * happened in the company's life meanwhile; the other books write that too.
   */
  beginHour(plan: HourPlan): Promise<Act>;
  /** What goes wrong in the system after the hour's life. Gives the facts that it went wrong with, as they are in truth. */
  endHour(plan: HourPlan): Promise<Act>;
  /** Columns that have another type than before, `feed.column`. */
  retyped(): readonly string[];
}
