import { benchPages } from "./pages/pages.ts";

/** Kept pages of the Bulk API with so many opportunities, made rows and loaded, beside Node's own reading of their lines. */
export function salesforce(records: number): Promise<Record<string, unknown>> {
  return benchPages("salesforce", records);
}
