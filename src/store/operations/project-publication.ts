import type { Window } from "../../kernel/window.ts";
import type { Ask } from "../ask.ts";
import type { Store } from "../store.ts";
import { RECORD_SAMPLES, type SampleRecord, sampleValues } from "./record-samples.ts";
import { RECORD_VERDICTS, type VerdictRecord } from "./record-verdicts.ts";

/** A publication as the ledger tells it, for people. */
export interface PublicationRecord {
  readonly publicationId: string;
  readonly number: bigint;
  /** The run that published; null for a publication that no run made, which has no line in the journal. */
  readonly run: PublishedRun | null;
  readonly runId: string;
  readonly group: string;
}

/** What is told of the run that made it. */
export interface PublishedRun {
  readonly window: Window | null;
  readonly kind: string;
  readonly args: unknown;
  readonly token: bigint;
  readonly baseHead: bigint;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly codeVersion: string;
  readonly startedAt: Date;
  readonly publishedAt: Date;
  /** The document that `run --json` prints, as far as the ledger tells it. */
  readonly result: unknown;
  readonly verdicts: readonly VerdictRecord[];
  readonly samples: readonly SampleRecord[];
}

/** What was told, or written by an earlier version's process, stands; only the line may have been marked since. */
const STANDS = `
update ledgerloop.run r set publication_id = $2, undone_by = null
 where r.run_id = $1 and r.outcome = 'published' and exists (select from ledgerloop.verdict v where v.run_id = r.run_id)
returning r.run_id`;

/*
 * The process that publishes has its line already and finishes it itself, with more than the ledger knows. One that ended in
 * doubt, since the answer to its COMMIT was lost, has published all the same.
 */
const RUN = `
insert into ledgerloop.run as r (run_id, run_group, window_start, window_end, kind, args, token, base_head, publication_id, actor,
       reason, ticket, code_version, started_at, status, outcome, exit_code, finished_at, result)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'finished', 'published', 0, $15, $16)
on conflict (run_id) do update
   set publication_id = excluded.publication_id, undone_by = null,
       outcome = case when r.status = 'finished' then 'published' end,
       result = case when r.outcome = 'published' then r.result else excluded.result end
returning xmax = 0 as made`;

/** Lines of runs that published and died before they could say so. */
const CLOSE = `
update ledgerloop.run r
   set status = 'finished', outcome = 'published', exit_code = 0, finished_at = clock_timestamp()
 where r.run_group = $1 and r.status = 'running' and r.publication_id is not null
   and not exists (select from ledgerloop.lease l
                    where l.run_group = r.run_group and l.run_id = r.run_id and l.expires_at > clock_timestamp())`;

const MARK = `
insert into ledgerloop.projected as p (run_group, number, run_id) values ($1, $2, $3)
on conflict (run_group) do update set number = excluded.number, run_id = excluded.run_id, projected_at = clock_timestamp()
 where p.number < excluded.number`;

async function writeRun(ask: Ask, { runId, group, publicationId }: PublicationRecord, run: PublishedRun): Promise<boolean> {
  const { window } = run;
  if ((await ask(STANDS, [runId, publicationId])).length > 0) return false;
  const [line] = await ask<{ made: boolean }>(RUN, [
    ...[runId, group, window?.start ?? null, window?.end ?? null, run.kind, JSON.stringify(run.args)],
    ...[run.token.toString(), run.baseHead.toString(), publicationId, run.actor, run.reason, run.ticket, run.codeVersion],
    ...[run.startedAt, run.publishedAt, JSON.stringify(run.result)],
  ]);
  await ask(RECORD_VERDICTS, [runId, JSON.stringify(run.verdicts)]);
  await ask(RECORD_SAMPLES, [runId, JSON.stringify(sampleValues(run.samples))]);
  return line?.made ?? false;
}

/**
 * Tells the store of publications in their order, each in one transaction; telling one again changes nothing.
 * @returns how many runs of them had no line in the journal.
 */
export async function projectPublications(store: Store, publications: readonly PublicationRecord[]): Promise<number> {
  let made = 0;
  for (const publication of publications) {
    const { run, runId, group, number } = publication;
    const isNew = await store.inTransaction(async (ask) => {
      const wrote = run !== null && (await writeRun(ask, publication, run));
      await ask(MARK, [group, number.toString(), runId]);
      return wrote;
    });
    made += isNew ? 1 : 0;
  }
  return made;
}

/** Finishes the lines of runs of a group that published and died before they could say so. */
export async function closePublished(store: Store, group: string): Promise<void> {
  await store.ask(CLOSE, [group]);
}
