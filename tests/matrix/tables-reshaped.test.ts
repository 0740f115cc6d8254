import { type Cell, loaded, playCells, readWhole, refused } from "./cell.ts";
import type { Mode } from "./kinds.ts";

const STAMPED: readonly Mode[] = ["xid", "updated_at", "local"];
const ALL: readonly Mode[] = [...STAMPED, "whole"];

const CELLS: readonly Cell[] = [
  [ALL, "an ordinary hour", loaded()],
  [["xid", "whole"], "a bill that gets another key", loaded()],
  [STAMPED, "ALTER COLUMN … USING", readWhole],
  [["xid"], "ALTER COLUMN … USING", refused(20, /full_refresh_rows.*\n.*--allow-cost/), { limit: 5 }],
  [["whole"], "ALTER COLUMN … USING", loaded()],
  [["xid", "updated_at"], "a column dropped and added", readWhole],
  [["xid", "updated_at"], "an enum label renamed", readWhole],
  [STAMPED, "TRUNCATE and reload", readWhole],
  [["xid"], "TRUNCATE and reload", refused(20, /full_refresh_rows.*\n.*--allow-cost/), { limit: 5 }],
  [["whole"], "TRUNCATE and reload", loaded()],
  [
    ["xid", "whole"],
    "TRUNCATE and nothing",
    refused(10, /read whole and is empty.*\n.*run --full --reason 'emptied'/),
    { full: loaded() },
  ],
  [["xid"], "a label renamed in a composite type", readWhole],
  [["xid", "updated_at"], "a virtual column with another expression", readWhole, { from: 18 }],
  [["xid", "updated_at"], "VACUUM FULL", readWhole],
  [
    ["xid", "updated_at"],
    "the trigger for replicas only",
    refused(20, /neither a default nor an enabled row trigger/),
    { full: refused(20, /neither a default nor an enabled row trigger/) },
  ],
  [STAMPED, "the trigger off for a while", readWhole],
];

playCells("table", CELLS);
