import { expect, test } from "vitest";
import type { Answer, SalesforceApi } from "../../../src/sources/salesforce/api.ts";
import { recordsOf } from "../../../src/sources/salesforce/pages/records.ts";
import { eachBulkPage } from "../../../src/sources/salesforce/query-bulk.ts";

const answerOf = (body: unknown, csv: string | null = null, headers: Record<string, string> = {}): Answer => ({
  page: { url: "", status: 200, headers, date: "2026-10-05T12:00:00Z", body: Buffer.from(csv ?? "") },
  ...{ body, code: null, headers: new Headers(headers) },
});

/** An org with one job, of so many records, and pages of results that follow one another. */
function orgWith(processed: number, pages: readonly Answer[]): SalesforceApi {
  const left = [...pages];
  const job = { id: "750", state: "JobComplete", apiVersion: 66, numberRecordsProcessed: processed };
  const ask = async ({ isCsv }: { isCsv?: true }) => (isCsv ? (left.shift() ?? answerOf(null)) : answerOf(job));
  return { ask, version: "66.0", pages: { fewest: 1, first: 1, most: 1 }, now: () => 0 } as unknown as SalesforceApi;
}

const QUERY = { source: "salesforce", name: "query Account", soql: "SELECT Id FROM Account", from: null };

async function read(org: SalesforceApi) {
  const ids: (string | null)[] = [];
  const end = await eachBulkPage(org, QUERY, async ({ page }) => {
    for (const record of recordsOf(page)) ids.push(record.text("Id"));
  });
  return { is: end.is, ids };
}

test("a job without records is whole, whether its page has a header or is nothing at all", async () => {
  const headers = { "sforce-locator": "null", "sforce-numberofrecords": "0", "content-type": "text/csv" };
  expect(await read(orgWith(0, [answerOf(undefined, '"Id"\n', headers)]))).toEqual({ is: "whole", ids: [] });
  expect(await read(orgWith(0, [answerOf(undefined, "")]))).toEqual({ is: "whole", ids: [] });
});

test("a page of nothing of a job with records is none", async () => {
  const headers = { "sforce-locator": "null", "sforce-numberofrecords": "0" };
  expect(await read(orgWith(3, [answerOf(undefined, "", headers)]))).toEqual({ is: "short", ids: [] });
  expect((await read(orgWith(3, []))).is).toBe("short");
});
