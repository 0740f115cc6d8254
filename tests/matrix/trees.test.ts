import { anotherRelation, type Cell, foundByFull, loaded, missingKey, playCells, readWhole, refused } from "./cell.ts";
import type { Mode } from "./kinds.ts";

const STAMPED: readonly Mode[] = ["xid", "updated_at", "local"];
const ATTACHED = loaded(/attached_tables\S* warn: all rows of 1 tables that were attached are read/);

const PARTITIONED: readonly Cell[] = [
  [[...STAMPED, "whole"], "an ordinary hour", loaded()],
  [STAMPED, "a partition attached", ATTACHED],
  [["whole"], "a partition attached", loaded()],
  [["xid", "updated_at"], "a partition detached", readWhole],
  [["xid"], "a partition detached", refused(20, /heirs went away.*full_refresh_rows.*\n.*--allow-cost/), { limit: 5 }],
  [["whole"], "a partition detached", loaded()],
  [["xid", "updated_at"], "a partition exchanged", readWhole],
  [["xid"], "a partition emptied", readWhole],
  [["xid"], "ALTER COLUMN … USING", readWhole],
  [["xid"], "a column dropped and added", readWhole],
  [["xid"], "TRUNCATE and reload", readWhole],
  [["xid"], "VACUUM FULL", readWhole],
  [["xid"], "the trigger off for a while", readWhole],
  [["xid"], "dropped and made again", anotherRelation],
  [["xid"], "swapped by rename", anotherRelation],
  [["xid"], "a replica's update", foundByFull()],
  [["xid"], "a replica's insert", foundByFull(), { keys: missingKey }],
  [["xid"], "a transaction open before, committed since", loaded()],
  [["xid"], "one connection allowed", loaded()],
  [["xid"], "row security on", refused(20, /would hide rows/), { full: refused(20, /would hide rows/) }],
];

const INHERITED: readonly Cell[] = [
  [[...STAMPED, "whole"], "an ordinary hour", loaded()],
  [["xid", "updated_at"], "an heir more", ATTACHED],
  [["xid", "updated_at"], "an heir less", readWhole],
  [["whole"], "an heir less", loaded()],
  [
    ["xid"],
    "an heir with a key of its parent",
    loaded(),
    { keys: refused(10, /duplicate_source_keys\S* fail: 1 of 9 source keys repeat another one/) },
  ],
  [
    ["xid"],
    "a foreign heir",
    refused(20, /some of its partitions are foreign tables/),
    { full: refused(20, /some of its partitions are foreign tables/) },
  ],
  [["whole"], "a foreign heir", loaded()],
  [["xid"], "an enum label renamed", readWhole],
  [["xid"], "TRUNCATE and reload", readWhole],
  [["xid"], "the trigger off for a while", readWhole],
  [["xid"], "a replica's insert", foundByFull(), { keys: missingKey }],
  [["xid"], "restored as another database", anotherRelation],
];

playCells("partitioned", PARTITIONED);
playCells("inherited", INHERITED);
