import type { Feed, Money } from "../../config/pipeline.ts";
import type { Column } from "../../contract/contract.ts";
import { rowFileColumns } from "../landed-text.ts";
import { cellKind } from "./pages/field-text.ts";
import type { CellSpec, SalesforceParameters } from "./pages/spec.ts";
import type { AmountSpec, TallySpec } from "./pages/tally.ts";
import type { FeedReading, Here } from "./readings.ts";
import { CURRENCY, fieldOf, salesforceSettings } from "./salesforce-kind.ts";

/** The currency of an org that has no others, which its records do not name; null for an org of several, and where nobody says. */
export function soleCurrency({ request }: Here, { proven }: FeedReading): string | null {
  return proven.isMulti ? null : salesforceSettings(request.source).currency;
}

function cellSpec(column: Column, { proven }: FeedReading, currency: string | null): CellSpec {
  const field = fieldOf(column);
  const isStandIn = field === CURRENCY && !proven.isMulti;
  const kind = cellKind(column.type.kind, proven.numbers.has(field));
  return { name: column.name, field: isStandIn ? null : field, kind, constant: isStandIn ? currency : null };
}

/** All that decides the row files of a reading beside its pages. */
export function parametersOf(here: Here, reading: FeedReading): SalesforceParameters {
  const { asked, of, way, parts } = reading;
  const { feed } = asked;
  const currency = soleCurrency(here, reading);
  return {
    columns: rowFileColumns(feed),
    cells: feed.contract.columns.map((column) => cellSpec(column, reading, currency)),
    key: feed.sourceKey[0] ?? "",
    records: of.records,
    parts,
    tellsDeleted: way === "changes" || (way === "whole" && of.records === "merged"),
    tellsIds: tellsIds(reading),
  };
}

/** Whether all ids are asked for: a read of everything has them anyway. */
export const tellsIds = ({ asked, way, of }: Pick<FeedReading, "asked" | "way" | "of">) =>
  asked.keys && way === "changes" && of.records === "current";

const isRequired = (feed: Feed, name: string | undefined) =>
  feed.contract.columns.some((column) => column.name === name && column.required);

function amountSpec(feed: Feed, money: Money, cells: readonly CellSpec[]): AmountSpec {
  const cellNamed = (name: string) => cells.find((cell) => cell.name === name) as CellSpec;
  return {
    amount: cellNamed(money.amount),
    isAmountRequired: isRequired(feed, money.amount),
    currency: money.currency === undefined ? null : cellNamed(money.currency),
    isCurrencyRequired: isRequired(feed, money.currency),
    unit: money.unit,
  };
}

/** What is counted of a reading's records. */
export function tallySpec(here: Here, reading: FeedReading): TallySpec {
  const { feed } = reading.asked;
  const parameters = parametersOf(here, reading);
  const spec = (money: Money) => amountSpec(feed, money, parameters.cells);
  return {
    parameters,
    money: feed.money ? spec(feed.money) : null,
    beside: (feed.moneyBeside ?? []).map(spec),
    currencies: here.request.currencies,
    until: reading.until,
  };
}
