import type { Beside, BesideRun, Unit } from "../beside/beside.ts";
import { leftOutFeeds, leftOutUnit } from "../beside/left-out.ts";
import { type FoundWait, instantText, type Mirror, type MirrorRow, readMirror } from "../beside/mirror.ts";
import { stopUnits } from "../beside/stops.ts";
import { type Difference, noteDifferences } from "../difference.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import { addUnits, runUnit, type UnitName } from "../units.ts";
import { orgDifferences } from "./compare.ts";
import { type ExpectedHour, emptyOrgState, expectHour, type OrgState } from "./expectation.ts";
import type { Org } from "./org.ts";
import type { RecordAt, SpoiltHour } from "./plan.ts";
import { RECORD_FEEDS } from "./records.ts";

const FEEDS: readonly FeedId[] = RECORD_FEEDS.map(({ id }) => id);

const FAULT_OF_LEAVING = { deleted: "deleted_record", merged: "merged_record", purged: "purged_record" } as const;

const goneUnit = (run: string, { feed, id }: RecordAt, fault: Fault): Unit => [`${run}|${feed}|${id}|gone`, fault];
const backUnit = (run: string, { feed, id }: RecordAt): Unit => [`${run}|${feed}|${id}|back`, "restored_record"];
const lateUnit = (run: string, { feed, id }: RecordAt): Unit => [`${run}|${feed}|${id}|late`, "late_commit"];
const expiredUnit = (run: string): Unit => [runUnit(run, "token expired"), "expired_token"];

const faultOfLeavingOut = (isDown: boolean) => (isDown ? "source_down" : "hidden_field");

function waitUnits({ feed, id, kind, rules }: FoundWait): Unit[] {
  return rules.map((rule) => [`${feed}|${id}|${kind}:${rule}`, rule === "not_negative" ? "negative_amount" : "other"]);
}

function expectedUnits(run: string, spoilt: SpoiltHour, { waits, gone, back }: ExpectedHour): Unit[] {
  return [
    ...(spoilt.expired ? [expiredUnit(run)] : []),
    ...[...spoilt.leftOut].map((feed) => leftOutUnit(run, feed, faultOfLeavingOut(spoilt.isDown))),
    ...spoilt.late.map((at) => lateUnit(run, at)),
    ...waits.flatMap(waitUnits),
    ...gone.map(({ how, ...at }) => goneUnit(run, at, FAULT_OF_LEAVING[how])),
    ...back.map((at) => backUnit(run, at)),
  ];
}

/** What is known from hour to hour. */
interface Past {
  readonly state: OrgState;
  before: Mirror | null;
  /** When each feed was last read. */
  readonly readAt: Map<FeedId, Date>;
  readonly differences: Map<string, Difference>;
}

type Row = MirrorRow & { readonly id: string };

/** What became of one row; `lastRead` is when its feed was read before, as stamps are told. */
function rowUnits(
  run: string,
  feed: FeedId,
  { row, old, lastRead }: { row: Row; old: Row | undefined; lastRead: string },
): Unit[] {
  const at = { feed, id: row.id };
  if (row.deleted) return old && !old.deleted ? [goneUnit(run, at, "deleted_record")] : [];
  const [stamp, before] = [row.cells["system_modstamp"] ?? "", old?.cells["system_modstamp"] ?? ""];
  const isLate = stamp !== before && stamp < lastRead;
  return [...(old?.deleted ? [backUnit(run, at)] : []), ...(isLate ? [lateUnit(run, at)] : [])];
}

/** What became of rows since the hour before. */
function changedUnits(run: string, { before, readAt }: Past, { rows }: Mirror): Unit[] {
  if (before === null) return [];
  return RECORD_FEEDS.flatMap(({ id: feed }) => {
    const known = new Map((before.rows.get(feed) ?? []).map((row) => [row.id, row]));
    const read = readAt.get(feed);
    const lastRead = read ? instantText(read.getTime()) : "";
    return (rows.get(feed) ?? []).flatMap((row) => rowUnits(run, feed, { row, old: known.get(row.id), lastRead }));
  });
}

/** Whether the request whose token was no longer good was sent again with another one. */
function isSignedInAgain({ requests }: Org): boolean {
  const all = requests.all();
  return all.every(
    (one, i) => one.status !== 401 || all.slice(i + 1).some((later) => later.path === one.path && later.status === 200),
  );
}

/** What an hour brings, as the org has lived it. */
type Lived = ReturnType<Org["live"]>;

async function look(
  org: Org,
  past: Past,
  { spoilt, product, run: name, window, ended }: BesideRun & { spoilt: Lived },
): Promise<Unit[]> {
  const published = await readMirror(product, RECORD_FEEDS);
  noteDifferences(past.differences, orgDifferences(past.state, published));
  const stops = stopUnits(name, ended, FEEDS);
  if (ended.exitCode !== 0) return stops;
  const isExpired = (spoilt.expired?.() ?? 0) > 0 && isSignedInAgain(org);
  const found = [
    ...(isExpired ? [expiredUnit(name)] : []),
    ...leftOutFeeds(past.readAt, ended, window).map((feed) => leftOutUnit(name, feed, faultOfLeavingOut(spoilt.isDown))),
    ...changedUnits(name, past, published),
    ...stops,
  ];
  past.before = published;
  for (const id of FEEDS) if (!spoilt.leftOut.has(id)) past.readAt.set(id, spoilt.now);
  return found;
}

/** The org beside the company's books: its hours, and what should come of them. */
export function besideOrg(org: Org): Beside {
  const past: Past = { state: emptyOrgState(), before: null, readAt: new Map(), differences: new Map() };
  return {
    feeds: FEEDS,
    rows: past.state.rows,
    live: () => {
      const spoilt = org.live();
      return {
        expect: ({ run, kind }) => {
          const sight = { books: org.books, leftOut: spoilt.leftOut, keys: kind !== "increment" };
          return expectedUnits(run, spoilt, expectHour(past.state, sight));
        },
        look: (run) => look(org, past, { ...run, spoilt }),
      };
    },
    compare: async (product) => {
      const published = await readMirror(product, RECORD_FEEDS);
      noteDifferences(past.differences, orgDifferences(past.state, published));
      const found = new Map<UnitName, Fault>();
      addUnits(found, published.everWaited.flatMap(waitUnits));
      return { found: [...found], differences: [...past.differences.values()] };
    },
  };
}
