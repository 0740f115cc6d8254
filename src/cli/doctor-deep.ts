import type { Pipeline } from "../config/pipeline.ts";
import { type ExtractDocument, extractDocument } from "../documents/extract.ts";
import { systemClock } from "../kernel/clock.ts";
import { grouped } from "../kernel/grouped.ts";
import { megabytes } from "../kernel/megabytes.ts";
import { checkPublished, type DeepFinding, type DeepState } from "../upkeep/deep-check.ts";
import type { CommandContext } from "./context.ts";
import { attempt, type Check, ok } from "./doctor-checks.ts";

/** What `doctor` found, and each published extract that it looked into. */
export interface Deep {
  readonly checks: readonly Check[];
  readonly extracts: readonly ExtractDocument[];
}

function brokenCheck({ batch, problems }: DeepFinding): Check {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const says = `${batch.feed}, published as ${batch.publicationId}: ${first?.says ?? "is broken"}${more}`;
  return { check: `extract ${batch.id}`, verdict: "fail", says, next: first?.next ?? null };
}

function unprovenCheck(check: string, unproven: readonly DeepFinding[]): Check {
  const [first] = unproven.flatMap(({ problems }) => problems);
  const says = `${unproven.length} published extracts cannot be proved by this version: ${first?.says ?? ""}`;
  return { check, verdict: "warn", says, next: first?.next ?? null };
}

function wholeCheck(
  check: string,
  { fine, derived, expired }: Record<"fine" | "derived" | "expired", readonly DeepFinding[]>,
): Check {
  const bytes = fine.reduce((sum, finding) => sum + finding.bytes, 0);
  const says = [
    `${fine.length} published extracts, ${megabytes(bytes)} MB as their manifests say`,
    ...(derived.length > 0 ? [`${derived.length} derived again alike`] : []),
    ...(expired.length > 0 ? [`${expired.length} more are gone after their retention`] : []),
  ];
  return ok(check, says.join("; "));
}

/** One line of a feed for all its extracts that are fine, one for those that this version cannot prove, one for each broken one. */
function checksOf(feed: string, findings: readonly DeepFinding[]): Check[] {
  const of = (...states: DeepState[]) => findings.filter(({ state }) => states.includes(state));
  const [fine, derived, expired, unproven] = [of("whole", "derived"), of("derived"), of("expired"), of("unproven")];
  const check = `extracts ${feed}`;
  return [
    ...(fine.length + expired.length > 0 ? [wholeCheck(check, { fine, derived, expired })] : []),
    ...(unproven.length > 0 ? [unprovenCheck(check, unproven)] : []),
    ...of("broken").map(brokenCheck),
  ];
}

async function lookInto({ app, err }: CommandContext, pipeline: Pipeline, limit: number | null): Promise<DeepFinding[]> {
  const engine = {
    pipeline,
    warehouse: await app.look.warehouse(pipeline),
    objects: await app.look.objects(pipeline),
    clock: systemClock,
  };
  return checkPublished(engine, {
    limit,
    derivers: await app.look.derivers(pipeline),
    onProgress: ({ batch, state, bytes }, { done, of }) =>
      err(`${done}/${of} ${batch.feed} ${batch.id} (${batch.publicationId}), ${megabytes(bytes)} MB: ${state}\n`),
  });
}

/** Looks into what is published, the newest first; `limit` null for all of it. Reads, and changes nothing. */
export async function checkDeep(context: CommandContext, pipeline: Pipeline, limit: number | null): Promise<Deep> {
  const { path, exists } = await context.app.look.warehouseFile(pipeline);
  const nothing = { checks: [ok("extracts", "nothing is published yet")], extracts: [] };
  if (path !== null && !exists) return nothing;
  let findings: DeepFinding[] = [];
  const reached = await attempt("extracts", async () => {
    findings = await lookInto(context, pipeline, limit);
    return "";
  });
  if (reached.verdict === "fail") return { checks: [reached], extracts: [] };
  if (findings.length === 0) return nothing;
  const byFeed = [...grouped(findings, ({ batch }) => batch.feed)].sort(([a], [b]) => (a < b ? -1 : 1));
  return { checks: byFeed.flatMap(([feed, some]) => checksOf(feed, some)), extracts: findings.map(extractDocument) };
}
