import type { Unit } from "./beside/beside.ts";
import type { ReportedRun } from "./recorded.ts";
import { runUnit } from "./units.ts";

const INVOICES = "billing.invoices";

/** A month's last hour brings at least so many times as many invoices as half of the hours before it. */
const TIMES = 10;

/** The run of a month's last hour, which publishes all that is billed then. */
export const monthEndUnit = (run: string): Unit => [runUnit(run, "a month's invoices published by one run"), "month_end"];

const newInvoices = ({ report }: ReportedRun) => Number(report.feeds.find(({ feed }) => feed === INVOICES)?.inserted ?? 0);

/** The unit, where the last of some runs has published so many invoices; the first run, which loads all there is, is no measure. */
export function monthEndFound([, ...later]: readonly ReportedRun[]): Unit[] {
  const last = later.at(-1);
  if (last?.report.outcome !== "published") return [];
  const before = later.slice(0, -1).map(newInvoices);
  const median = before.toSorted((a, b) => a - b)[Math.floor(before.length / 2)] ?? 0;
  return newInvoices(last) >= TIMES * median ? [monthEndUnit(last.run)] : [];
}
