import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import { toRead } from "../deriver.ts";
import { landOnly } from "../only-keys.ts";
import { cancelled } from "../problems.ts";
import type { Evidence, ExtractedFile, FeedExtract, RowFiles, SourceColumn } from "../source.ts";
import { DELETES_NAME, IDS_NAME, salesforceDeriver } from "./pages/deriver.ts";
import type { SalesforceParameters } from "./pages/spec.ts";
import { parametersOf } from "./parameters.ts";
import type { ReadFeed } from "./read-feed.ts";
import type { FeedReading, Here } from "./readings.ts";
import { soqlInstant } from "./soql.ts";

type Landed = Pick<FeedExtract, "files" | "keys" | "deletes">;

/** Makes the row files of a feed and lands them. */
async function landRows(
  { request }: Here,
  { asked }: FeedReading,
  from: { evidence: readonly Evidence[]; parameters: SalesforceParameters },
) {
  const { evidence, parameters } = from;
  const sink = request.sink(asked.feed.id);
  const kept = toRead(evidence, request.openEvidence);
  const files: ExtractedFile[] = [];
  const beside: { keys?: RowFiles; deletes?: RowFiles } = {};
  for await (const { name, bytes, rows } of salesforceDeriver.derive(kept, parameters as unknown as Json)) {
    const file = { ...(await sink(name, bytes)), rows: rows() };
    const rowFile = (columns: readonly string[]) => ({ files: [file], columns, rows: file.rows });
    if (name === IDS_NAME) beside.keys = rowFile([parameters.key]);
    else if (name === DELETES_NAME) beside.deletes = rowFile([parameters.key, "_stamp"]);
    else files.push(file);
    if (request.signal.aborted) throw new Failure("retryable", cancelled(request.source.id));
  }
  const landed: Landed = { files, ...beside };
  return landed;
}

function notesOf({ client, version }: Here["api"], { reading, tally }: ReadFeed): Record<string, string> {
  return {
    ...reading.notes,
    api_version: version,
    pages: String(reading.shelf.count()),
    requests: String(client.budget.spent()),
    rows_beyond_horizon: String(tally.beyond),
  };
}

/** Lands what was read of a feed. */
export async function landFeed(here: Here, read: ReadFeed, sourceColumns: readonly SourceColumn[]): Promise<FeedExtract> {
  const { reading, tally } = read;
  const { asked, way, until, shelf } = reading;
  const { feed, cursor } = asked;
  const evidence = await shelf.settle();
  const parameters = parametersOf(here, reading);
  const horizon = soqlInstant(until);
  const { org, sandbox } = here.org.identity;
  return {
    feed: feed.id,
    request: { from: cursor?.position ?? null, whole: way === "whole" },
    ...(await landRows(here, reading, { evidence, parameters })),
    columns: parameters.columns,
    sourceColumns,
    ...(asked.only && { only: await landOnly(here.request.sink(feed.id), feed, asked.only) }),
    witness: way === "only" ? "none" : "source",
    totals: tally.totals,
    cursor:
      way === "net" || way === "only"
        ? null
        : { kind: "system_modstamp", position: horizon, identity: { org, sandbox }, horizon },
    asOf: soqlInstant(here.api.now()),
    state: [],
    findings: reading.findings.map((says) => ({ of: "deletions" as const, says })),
    notes: notesOf(here.api, read),
    evidence,
    deriver: { name: salesforceDeriver.name, version: salesforceDeriver.version, parameters: parameters as unknown as Json },
  };
}
