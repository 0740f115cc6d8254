import { decimal } from "../../expectation/hand-rules.ts";
import type { Row } from "../../feed.ts";
import { type Draft, tagRecord } from "../desk.ts";
import { MERIDIAN } from "../dialects.ts";
import { hourStem } from "../folder.ts";
import { major } from "../remittance.ts";
import type { Planter } from "./records.ts";

/** The file was cut off on its way, and the manifest beside it is of the whole one, which comes later. */
export const truncated: Planter = (desk, draft) => {
  const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
  desk.send(draft, {
    fault: "file_truncated",
    stops: "manifest",
    bytes: ([data, ...beside]) => (data ? [{ ...data, bytes: cut(data.bytes) }, ...beside] : []),
  });
  desk.later(desk.random.int(1, 2), (then) => then.send(draft));
};

/** Its last line counts one record more than there are. */
export const wrongTrailer: Planter = (desk, draft) => {
  desk.send(draft, { fault: "wrong_trailer", stops: "trailer", miscounted: 1 });
  desk.later(2, (then) => then.send(draft));
};

/** Enough records for a share of them to mean something. */
const MANY = 24;

/** Each value stands one column too far to the right, under a header that is as ever. */
export const shiftedColumns: Planter = (desk, { dialect, stem }) => {
  const draft: Draft = { dialect, stem, records: desk.collect(dialect, MANY) };
  desk.send(draft, {
    fault: "shifted_columns",
    stops: "bad_share",
    lines: (lines) => lines.map((line) => `,${line.slice(0, line.lastIndexOf(","))}`),
  });
  desk.later(desk.random.int(2, 4), (then) => then.send(draft));
};

/** An earlier file comes once more under another name. */
export const renamed: Planter = (desk, draft) => {
  const earlier = desk.takeSent(MERIDIAN);
  if (earlier) desk.send({ ...earlier, stem: `${earlier.stem}-again` }, { fault: "file_renamed", stops: null });
  desk.send(draft);
};

/** An earlier file comes again: a record is gone, an amount is another, a record is new. */
export const redelivered: Planter = (desk, draft) => {
  const earlier = desk.takeSent(MERIDIAN);
  const [, second, ...others] = earlier?.records ?? [];
  if (earlier && second) {
    const changed: Row = { ...second, amount: major(Number(decimal(second["amount"]) ?? 0n) - 1) };
    const records = [changed, ...others, ...desk.collect(MERIDIAN, 1)];
    desk.send({ ...earlier, records }, { fault: "file_redelivered", stops: null });
  }
  desk.send(draft);
};

/** An invoice that was remitted whole is remitted once more, under another name; some hours later the file comes again without that. */
export const remittedTwice: Planter = (desk, draft) => {
  const again = desk.collectTwice(draft.dialect);
  if (again === null) {
    desk.send(draft);
    return;
  }
  desk.send({ ...draft, records: [...draft.records, again] }, { fault: "remitted_twice", stops: null });
  desk.later(5, (then) => then.send(draft, { fault: "file_redelivered", stops: null }));
};

/** A file of the day before comes late; of what it says of one remittance, a newer file has said otherwise long since. */
export const late: Planter = (desk, draft) => {
  const newer = desk.takeSent(MERIDIAN);
  const [known] = newer?.records ?? [];
  if (known) {
    tagRecord(desk, known, "file_late");
    const stem = `${hourStem(desk.hour() - 48)}-late`;
    const outdated: Row = { ...known, amount: major(Number(decimal(known["amount"]) ?? 0n) + 700) };
    desk.send(
      { dialect: MERIDIAN, stem, records: [outdated, ...desk.collect(MERIDIAN, 2)] },
      { fault: "file_late", stops: null },
    );
  }
  desk.send(draft);
};
