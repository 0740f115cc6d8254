import { anotherRelation, type Cell, foundByFull, loaded, missingKey, playCells, readWhole, refused } from "./cell.ts";
import type { Mode } from "./kinds.ts";

const EITHER: readonly Mode[] = ["xid", "updated_at"];
const TWICE = refused(10, /duplicate_source_keys\S* fail: 1 of 9 source keys repeat another one/);

const CELLS: readonly Cell[] = [
  [[...EITHER, "whole"], "an ordinary hour", loaded()],
  [EITHER, "a key used twice, for another bill", loaded(), { keys: TWICE }],
  [["whole"], "a key used twice, for another bill", loaded(), { keys: TWICE }],
  [EITHER, "a key used twice, for the same bill", foundByFull(), { keys: TWICE }],
  [["whole"], "a key used twice, for the same bill", loaded(), { keys: TWICE }],
  [["xid", "whole"], "a bill that gets another key", loaded()],
  [["xid"], "ALTER COLUMN … USING", readWhole],
  [EITHER, "TRUNCATE and reload", readWhole],
  [["xid"], "dropped and made again", anotherRelation],
  [["xid"], "swapped by rename", anotherRelation],
  [["xid"], "restored under its name", anotherRelation],
  [["xid"], "the trigger off for a while", readWhole],
  [["xid"], "a replica's insert", foundByFull(), { keys: missingKey }],
  [["xid"], "row security on", refused(20, /would hide rows/), { full: refused(20, /would hide rows/) }],
];

playCells("keyless", CELLS);
