import type { Feed } from "../config/pipeline.ts";
import type { ExtractRequest } from "./source.ts";

/** A part as it lies where it is, whatever runs know of it. */
export interface PendingPart {
  readonly part: string;
  /** Of what is there now; null where it is gone. */
  readonly version: string | null;
  /** How people know it again: its size, when it was written; null where it is gone. */
  readonly says: string | null;
}

/** Parts of a feed that a run would look at, or leave: what they are to it, and which. */
export interface PendingParts {
  /**
   * `new`: never looked at. `changed`: another version than the one looked at last. `again`: looked at before, and something else than
   * its content has changed. `unsettled`: left for the next run. `gone`: no more where it was.
   */
  readonly is: "new" | "changed" | "again" | "unsettled" | "gone";
  readonly parts: readonly PendingPart[];
}

/** What a reader is asked to compare with its own rows. */
export interface PendingRequest extends Pick<ExtractRequest, "source" | "state" | "decisions" | "clock"> {
  readonly feeds: readonly Feed[];
  /** Everything is read. */
  readonly whole: boolean;
}
