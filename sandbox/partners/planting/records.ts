import { given } from "../../expectation/hand-rules.ts";
import type { Fault } from "../../faults.ts";
import type { Row } from "../../feed.ts";
import { BYTES, PLACE, placeIn } from "../../world/sent-file.ts";
import { type Desk, type Draft, tagRecord } from "../desk.ts";

/** Sends a draft with something wrong in it. */
export type Planter = (desk: Desk, draft: Draft) => void;

/** Spoils some of the records of a draft; gives them and what they are marked as. */
type Spoil = (desk: Desk, draft: Draft) => { readonly records: readonly Row[]; readonly spoilt: readonly Row[] };

/** Half of such files come again with what was meant, some hours later. */
function spoiling(fault: Fault, spoil: Spoil): Planter {
  return (desk, draft) => {
    const { records, spoilt } = spoil(desk, draft);
    for (const row of spoilt) tagRecord(desk, row, fault);
    desk.send({ ...draft, records }, { fault, stops: null });
    if (desk.random.chance(0.5))
      desk.later(desk.random.int(1, 3), (then) => then.send(draft, { fault: "file_redelivered", stops: null }));
  };
}

/** Puts another row in place of one of the draft's. */
function replacing(change: (desk: Desk, row: Row) => Row): Spoil {
  return (desk, { records }) => {
    const at = desk.random.int(0, records.length - 1);
    const row = change(desk, records[at] ?? {});
    return { records: records.map((other, i) => (i === at ? row : other)), spoilt: [row] };
  };
}

/** Puts bytes in place of one of the draft's records that no reader can take apart. */
function garbling(bytesOf: (line: string) => string): Spoil {
  return (desk, { dialect, stem, records }) => {
    const at = desk.random.int(0, records.length - 1);
    const [line = ""] = dialect.lines([records[at] ?? {}]);
    const row = { [BYTES]: `utf8:${bytesOf(line)}`, [PLACE]: placeIn(dialect.pathOf(stem), at + 1) };
    return { records: records.map((other, i) => (i === at ? row : other)), spoilt: [row] };
  };
}

/** Its last fields are missing. */
export const malformedRecord = spoiling(
  "malformed_record",
  garbling((line) => line.split(",").slice(0, 3).join(",")),
);

/** A quote that nobody closes: it takes its own line and nothing of the next. */
export const strayQuote = spoiling(
  "stray_quote",
  garbling((line) => line.replace(",", ',"')),
);

/** One record twice. */
export const doubledRecord = spoiling("doubled_record", (desk, { records }) => {
  const row = desk.random.pick(records);
  return { records: [...records, row], spoilt: [row] };
});

/** Somebody opened the file in a spreadsheet. */
export const excelDamage = spoiling(
  "excel_damage",
  replacing(({ random }, row) => (random.chance(0.5) ? { ...row, amount: "9.09E-13" } : { ...row, paid_on: "46300" })),
);

export const unknownCustomer = spoiling(
  "unknown_customer",
  replacing(({ random }, row) => ({ ...row, customer_id: `cus_lost${random.code(8)}` })),
);

export const wrongCurrency = spoiling(
  "wrong_currency",
  replacing(({ random }, row) => ({ ...row, currency: random.pick(["JPY", "KWD"]) })),
);

const BAD = 60;
const GOOD = 90;

/** Sixty bad rows in one file: the partner's files are left out, and billing goes on. It comes again an hour later as it was meant. */
export const badRows: Planter = (desk, { dialect, stem }) => {
  const records = desk.collect(dialect, BAD + GOOD);
  const bad = records.map((row, i) => (i < BAD ? { ...row, amount: `-${given(row, "amount")}` } : row));
  desk.send({ dialect, stem, records: bad }, { fault: "bad_rows", stops: null });
  desk.later(1, (then) => then.send({ dialect, stem, records }));
};
