import type { Batch } from "../landing/manifest.ts";
import type { Finding } from "../sources/source.ts";
import { type Gate, type GateName, gate } from "./gate.ts";

/** The gate that tells what a reader found; none of them stops a run. */
const GATE_OF = {
  read_whole: "read_whole",
  attached: "attached_tables",
  trusted: "cursor_trusted",
  frozen: "cursor_frozen",
  clock: "cursor_clock",
  source_key: "source_key",
  equality: "key_equality",
  files_stopped: "files_stopped",
  files_held: "files_held",
  files_repeated: "files_repeated",
  files_waiting: "files_waiting",
  files_gone: "files_gone",
  files_unknown: "files_unknown",
  file_due: "file_due",
  objects_missing: "objects_missing",
  objects_forbidden: "objects_forbidden",
  loading: "loading",
  net: "net_unfinished",
  deletions: "deletions_unseen",
} as const satisfies Readonly<Record<Finding["of"], GateName>>;

/** What the readers of a run's batches found, each a warning; of one kind and feed there is one gate. */
export function findingGates(batches: readonly Batch[]): Gate[] {
  return batches.flatMap(({ manifest: { extract } }) => {
    const findings = extract.findings ?? [];
    return [...new Set(findings.map(({ of }) => of))].map((of) => {
      const says = findings.filter((f) => f.of === of).map((f) => f.says);
      return gate(GATE_OF[of], { feed: extract.feed }, { holds: false, observed: says.join("; "), limit: "reported" });
    });
  });
}
