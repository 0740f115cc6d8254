import { type Cell, foundByFull, loaded, missingKey, playCells, refused } from "./cell.ts";
import type { Mode } from "./kinds.ts";

const STAMPED: readonly Mode[] = ["xid", "updated_at", "local"];

const CELLS: readonly Cell[] = [
  [["xid"], "a replica's update", foundByFull()],
  [["whole"], "a replica's update", loaded()],
  [["xid"], "a replica's insert", foundByFull(), { keys: missingKey }],
  [
    ["updated_at"],
    "a replica's insert",
    foundByFull(/cursor_clock\S* warn: 1 of the newest 100 rows .*run --full/),
    { keys: missingKey },
  ],
  [["updated_at"], "a stamp of a clock that is late", foundByFull(/cursor_clock\S* warn: 1 of the newest 100 rows .*run --full/)],
  [["local"], "a stamp of a clock that is late", refused(20, /does not show the clock of America\/New_York/)],
  [["updated_at", "local"], "a stamp of a clock that is early", loaded(/lie more than 5 minutes in the future/)],
  [["local"], "sessions of another zone", refused(20, /does not show the clock of America\/New_York/)],
  [["xid", "updated_at"], "sessions of another zone", loaded()],
  [STAMPED, "a transaction prepared, left open", loaded(/cursor_frozen\S* warn: the prepared transaction "left" waits/)],
  [["whole"], "a transaction prepared, left open", loaded()],
  [STAMPED, "a transaction prepared before, committed since", loaded()],
  [STAMPED, "a transaction open before, committed since", loaded()],
  [["xid", "whole"], "rights taken away", refused(20, /lacks SELECT/), { full: refused(20, /lacks SELECT/) }],
  [["xid", "whole"], "row security on", refused(20, /would hide rows/), { full: refused(20, /would hide rows/) }],
  [["xid", "whole"], "one connection allowed", loaded()],
  [["xid", "updated_at"], "settings of the database", loaded()],
  [["xid"], "no sight of other sessions", loaded()],
  [
    ["updated_at"],
    "no sight of other sessions",
    refused(20, /grant pg_read_all_stats/),
    { full: refused(20, /grant pg_read_all_stats/) },
  ],
  [
    ["updated_at"],
    "a session that hides what it does",
    refused(20, /track_activities off/),
    { full: refused(20, /track_activities off/) },
  ],
];

playCells("table", CELLS);
