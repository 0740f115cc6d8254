import { type Cell, foundByFull, loaded, missingKey, playCells, playRefused, readWhole, refused } from "./cell.ts";

const FORBIDDEN = refused(20, /lacks SELECT|may not select the columns/);
const trusted = true;

const VIEW: readonly Cell[] = [
  [["whole"], "an ordinary hour", loaded()],
  [["xid", "updated_at"], "an ordinary hour", loaded(/cursor_trusted\S* warn: the desk stamps by hand/), { trusted }],
  [["whole"], "the view says something else", loaded()],
  [["xid"], "the view says something else", readWhole, { trusted }],
  [["xid"], "a replica's insert", foundByFull(), { trusted, keys: missingKey }],
  [["whole"], "a replica's update", loaded()],
  [["whole"], "TRUNCATE and reload", loaded()],
  [["whole"], "rights taken away", FORBIDDEN, { full: FORBIDDEN }],
  [
    ["whole"],
    "row security behind a view of the invoker",
    refused(20, /row-level security/),
    { full: refused(20, /row-level security/), from: 15 },
  ],
  [["whole"], "one connection allowed", loaded()],
  [["whole"], "settings of the database", loaded()],
];

const MATVIEW: readonly Cell[] = [
  [["whole"], "an ordinary hour", loaded()],
  [["xid"], "an ordinary hour", loaded(/cursor_trusted\S* warn: the desk stamps by hand/), { trusted }],
  [["whole"], "refreshed late", loaded()],
  [["xid"], "refreshed late", foundByFull(), { trusted, keys: missingKey }],
  [["whole"], "TRUNCATE and reload", loaded()],
  [["whole"], "rights taken away", FORBIDDEN, { full: FORBIDDEN }],
];

const FOREIGN: readonly Cell[] = [
  [["whole"], "an ordinary hour", loaded()],
  [["xid"], "an ordinary hour", loaded(/cursor_trusted\S* warn: the desk stamps by hand/), { trusted }],
  [["whole"], "a replica's update", loaded()],
  [["whole"], "dropped and made again", loaded()],
  [["whole"], "another table behind a foreign one", loaded()],
  [["xid"], "another table behind a foreign one", readWhole, { trusted }],
  [["xid"], "a replica's insert", foundByFull(), { trusted, keys: missingKey }],
  [["whole"], "rights taken away", FORBIDDEN, { full: FORBIDDEN }],
  [["whole"], "one connection allowed", loaded()],
  [["whole"], "settings of the database", loaded()],
];

playCells("view", VIEW);
playCells("matview", MATVIEW);
playCells("foreign", FOREIGN);

for (const kind of ["view", "matview", "foreign"] as const) {
  for (const mode of ["xid", "updated_at", "local"] as const) playRefused(kind, mode);
}
