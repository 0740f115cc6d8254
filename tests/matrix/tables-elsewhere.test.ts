import { anotherRelation, type Cell, loaded, playCells } from "./cell.ts";
import type { Mode } from "./kinds.ts";

const STAMPED: readonly Mode[] = ["xid", "updated_at", "local"];
const ALL: readonly Mode[] = [...STAMPED, "whole"];

const CELLS: readonly Cell[] = [
  [STAMPED, "dropped and made again", anotherRelation],
  [["whole"], "dropped and made again", loaded()],
  [ALL, "pointed elsewhere", anotherRelation],
  [STAMPED, "swapped by rename", anotherRelation],
  [["whole"], "swapped by rename", loaded()],
  [["xid", "updated_at"], "schema swapped", anotherRelation],
  [["whole"], "schema swapped", loaded()],
  [ALL, "restored as another database", anotherRelation],
  [ALL, "the database renamed", loaded()],
  [["xid", "updated_at"], "moved to another schema", loaded()],
  [["whole"], "moved to another schema", anotherRelation],
  [["xid", "whole"], "restored under its name", anotherRelation],
];

playCells("table", CELLS);
