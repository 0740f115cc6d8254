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
  | { readonly event: "gate"; readonly runId: string; readonly gate: Gate }
  | { readonly event: "run-ended"; readonly runId: string; readonly outcome: string; readonly exitCode: number };
