import type { Gate } from "../publish/gate.ts";

/** What happens in a run, for whoever draws it. Renderers listen; the run never prints. */
export type RunEvent =
  | {
      readonly event: "run-started";
      readonly runId: string;
      readonly group: string;
      readonly window: string | null;
      readonly stages: readonly string[];
    }
  | { readonly event: "stage-started"; readonly runId: string; readonly stage: string }
  | { readonly event: "progress"; readonly runId: string; readonly stage: string; readonly feed: string; readonly bytes: number }
  | {
      readonly event: "stage-ended";
      readonly runId: string;
      readonly stage: string;
      readonly seconds: number;
      readonly skipped: string | null;
    }
  /** The control store did not know what the ledger says, of earlier publications. */
  | {
      readonly event: "journal-mended";
      readonly runId: string;
      readonly group: string;
      /** Runs that published and had no line in the journal. */
      readonly rebuilt: number;
      /** Runs whose publications the ledger does not have any more. */
      readonly undone: number;
    }
  /** The control store could not be told; the next run tells again. */
  | { readonly event: "journal-behind"; readonly runId: string; readonly group: string; readonly says: string }
  /** Another run holds the lease that this one needs, and is waited for. */
  | { readonly event: "waiting"; readonly runId: string; readonly group: string; readonly holder: string }
  | { readonly event: "gate"; readonly runId: string; readonly gate: Gate }
  | { readonly event: "run-ended"; readonly runId: string; readonly outcome: string; readonly exitCode: number };
