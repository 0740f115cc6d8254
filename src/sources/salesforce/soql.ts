/** An instant of the API's clock as SOQL writes it: unquoted, in UTC. */
export const soqlInstant = (milliseconds: number) => new Date(milliseconds).toISOString();

/** A query of records; nothing is ordered and nothing limited, since both keep the Bulk API from dividing its work. */
export interface RecordsQuery {
  readonly object: string;
  /** Sorted, each once. */
  readonly fields: readonly string[];
  /** Conditions that all hold. */
  readonly where: readonly string[];
}

const whereText = (where: readonly string[]) => (where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`);

export function recordsText({ object, fields, where }: RecordsQuery): string {
  return `SELECT ${fields.join(", ")} FROM ${object}${whereText(where)}`;
}

/** How many records a query of records gives. */
export function countText({ object, where }: RecordsQuery): string {
  return `SELECT COUNT() FROM ${object}${whereText(where)}`;
}

/** Names each once, in a fixed order. */
export const sortedNames = (names: Iterable<string>): string[] => [...new Set(names)].sort();
