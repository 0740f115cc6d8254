import type { DriverError } from "./driver-error.ts";

/** Execution errors that a load or a gate can meet, in words without the value that they are about. */
const EXECUTION: Readonly<Record<string, string>> = {
  "100016": "a landed file has another form than its format says",
  "100035": "a text is not a timestamp",
  "100037": "a text is not a boolean",
  "100038": "a text is not a number",
  "100039": "a number is out of range",
  "100040": "a text is not a date",
  "100046": "a number is out of range",
  "100051": "a division by zero",
  "100069": "a text is not JSON",
  "100071": "a JSON value has another type",
  "100072": "NULL in a column that takes none",
  "100078": "a text is longer than its column",
  "100082": "a text is longer than Snowflake takes",
  "100080": "a landed file has another number of columns than its table",
  "100132": "an exception of the account's own code",
};

/** Addresses of storage carry signatures. */
const withoutQueries = (text: string) => text.replaceAll(/\?[^\s"']*/g, "?…");

/**
 * Why a driver's error happened, without values of rows and credentials. What Snowflake writes into execution errors (100000 and
 * above) quotes values, in quotes and without them, so none of it is repeated: the query's id finds it in Snowflake.
 */
export function reasonOf({ code, says, queryId, status }: DriverError): string {
  const query = queryId === null ? "" : `, query ${queryId}`;
  if (/^1\d{5}$/.test(code)) return `${EXECUTION[code] ?? "an execution error"} (${code}${query})`;
  const line = withoutQueries(says.replaceAll(/\s*\n\s*/g, " ")).slice(0, 400);
  const http = status === null ? "" : `HTTP ${status}, `;
  return code === "unknown" ? `${http}${line}` : `${line} (${http}${code}${query})`;
}
