import type { ReachingRow, ShownRow } from "../documents/shown-row.ts";
import { shellWord } from "../kernel/shell-word.ts";
import { MOST } from "../lineage/curated-row.ts";

type Line = readonly [name: string, says: string];

function classText({ class: of, published, publication }: ReachingRow): string {
  if (!published) return `published by number ${publication}`;
  const by = `by ${published.publication_id} (${published.run_id}, ${published.at})`;
  if (of !== null) return `${of} ${by}`;
  if (published.inserted === null) return `written ${by}, which counted the feed's rows under another name of it`;
  const counts = `${published.inserted} inserted, ${published.updated} updated, which is not kept of each`;
  return `inserted or updated ${by}; of its rows ${counts}`;
}

function rulesLines({ rules, published }: ReachingRow): Line[] {
  const lines: Line[] = [];
  if (rules) {
    const broken = rules.broken.map(({ rule, severity }) => `${rule} (${severity})`).join(", ");
    const held = `${rules.judged - rules.broken.length} of ${rules.judged} rules over a row hold`;
    lines.push(["rules", broken === "" ? held : `${held}; it breaks ${broken}`]);
  }
  if (published && published.told.length + published.rules_passed > 0) {
    const told = published.told.map(({ rule, verdict, observed }) => `${rule} ${verdict}${observed ? ` (${observed})` : ""}`);
    const passed = `${published.rules_passed} rules passed in its publication`;
    lines.push(["", told.length === 0 ? passed : `${passed}; ${told.join(", ")}`]);
  }
  return lines;
}

function extractText({ extract, batch_id: batch, position, as_of: asOf }: ReachingRow): string {
  const by = extract ? `, of ${extract.run_id}` : "";
  const old = extract?.replay_of ? `, bytes of ${extract.replay_of} read again` : "";
  const when = asOf === null ? "" : `, as of ${asOf}`;
  return `batch ${batch}, ${position === "" ? "no position" : `position ${position}`}${by}${old}${when}`;
}

function placeLines({ file, answer, table }: ReachingRow["way"]): Line[] {
  const lines: Line[] = [];
  if (table) lines.push(["table", `${table.table}, ctid ${table.ctid}${table.part_oid ? ` of its part ${table.part_oid}` : ""}`]);
  if (file) lines.push(["record", `${file.record}, ${file.length} bytes from byte ${file.offset} on`]);
  if (answer) {
    lines.push(["answer", `${answer.url}, status ${answer.status}, at ${answer.at}`]);
    lines.push(["request", answer.request_id ?? "the API names none"]);
    lines.push(
      answer.pointer === null ? ["record", `${answer.record} of the answer`] : ["pointer", JSON.stringify(answer.pointer)],
    );
  }
  return lines;
}

function keptLines({ way: { answer, files, says }, evidence, manifest }: ReachingRow): Line[] {
  const received: Line[] = evidence
    ? [
        ["received", `${evidence.name}, ${evidence.bytes} bytes, sha256 ${evidence.sha256}`],
        [
          "kept as",
          `${evidence.key}${answer ? `, the answer packed in ${answer.packed.length} bytes from byte ${answer.packed.offset} on` : ""}`,
        ],
      ]
    : files.map((key): Line => ["kept as", key]);
  const none: Line[] = says === null ? [] : [["no way", says]];
  return [...received, ...none, ...(received.length === 0 ? [["manifest", manifest ?? "gone"] as const] : [])];
}

function rowText(row: ReachingRow): string[] {
  const lines: Line[] = [
    ...row.through.map(({ table, key }): Line => ["through", `curated.${table} ${key.map((v) => v ?? "none").join(", ")}`]),
    ["key", `${row.source_key ?? "none"}, ${classText(row)}`],
    ...rulesLines(row),
    ...row.waiting.map(
      ({ row_id: id, kind, reasons, opened_at: since }): Line => [
        "waiting",
        `a newer version, ${kind} since ${since} for ${reasons.join(", ")}: \`ledgerloop quarantine show ${id}\``,
      ],
    ),
    ["landed", extractText(row)],
    ...placeLines(row.way),
    ...keptLines(row),
  ];
  const gone = row.deleted_at === null ? "" : `, gone since ${row.deleted_at}`;
  return [`  ${row.feed}${gone}`, ...lines.map(([name, says]) => `    ${name.padEnd(11)} ${says}`)];
}

/** A curated row and what it was made of, or a feed's row and its read, for people. */
export function shownRowText({
  table,
  key,
  publication,
  deleted_at: deleted,
  as_of: of,
  findings,
  rows,
  more,
}: ShownRow): string {
  const [instant, source] = [of.tables[0], of.sources[0]];
  const isAsOf = (at: typeof instant | typeof source) => `as of ${at?.as_of ?? `an instant that is ${at?.says}`}`;
  const when = instant ? `; the table is ${isAsOf(instant)}; made of` : `; the source is ${isAsOf(source)}; read as`;
  const state = deleted === null ? `as publication ${publication} left it` : `a tombstone since ${deleted}`;
  const hasBytes = rows.some(({ evidence, way }) => evidence !== null || way.files.length > 0);
  const next = hasBytes
    ? `\`ledgerloop show row ${table} ${key.map(shellWord).join(" ")} --bytes\`, which shows its record as it was sent`
    : null;
  const lines = [
    `${instant ? "curated." : ""}${table} ${key.join(", ")}: ${state}${when}`,
    ...(rows.length === 0 ? ["  no row of a feed that leads to it by columns or joins"] : rows.flatMap(rowText)),
    ...more.map(
      ({ input, rows: count }) => `  ${input} has ${count} rows that lead to it, the first ${MOST} of them were followed`,
    ),
    ...findings.map(({ rule, since, publication_id: by }) => `  it breaks ${rule} of its table since ${since} (${by})`),
    ...(next === null ? [] : [`next: ${next}`]),
  ];
  return `${lines.join("\n")}\n`;
}
