import { type Problem, problem } from "../../kernel/problem.ts";

/** `ledgerloop run` that reads one feed whole, with the reason that is recorded. */
function readWhole(feed: string, reason: string, mayReadWhole = true): string {
  const cost = mayReadWhole ? "" : " --allow-cost";
  return `\`ledgerloop run --full --reason '${reason}'${cost} --feeds ${feed}\``;
}

/** A feed that a person should have read whole, and whether that needs a decision about its cost too. */
interface Whole {
  readonly feed: string;
  readonly mayReadWhole: boolean;
}

export function versionTooOld({ source, version, lowest }: { source: string; version: number; lowest: number }): Problem {
  return problem({
    code: "source.version",
    says: `The source ${source} is PostgreSQL ${Math.floor(version / 10_000)}; the lowest version that can be read is ${Math.floor(lowest / 10_000)}.`,
    next: `upgrade the server, or point connection.url in sources/${source}.yaml at a logical replica of a newer version, then \`ledgerloop doctor\``,
  });
}

export function settingsLost(source: string, names: readonly string[]): Problem {
  return problem({
    code: "source.settings",
    says: `Between here and the source ${source} something hands statements of one transaction to several connections: ${names.join(", ")} did not hold.`,
    next: `point connection.url in sources/${source}.yaml at the server itself, or at a pooler in transaction or session mode, then \`ledgerloop doctor\``,
  });
}

export function anotherServer(source: string): Problem {
  return problem({
    code: "source.another_server",
    says: `Behind the address of the source ${source} another server answered in the middle of a read (a pooler, a failover or a restart).`,
    next: `repeat the same \`ledgerloop run\`; if it stays, point connection.url in sources/${source}.yaml at one server`,
  });
}

interface Forbidden {
  readonly feed: string;
  readonly role: string;
  readonly relation: string;
}

export function schemaForbidden({ feed, role, schema }: Forbidden & { schema: string }): Problem {
  return problem({
    code: "source.right",
    says: `The role ${role} may not use the schema ${schema} of the feed ${feed}.`,
    next: `grant usage on schema "${schema}" to "${role}", then \`ledgerloop doctor\``,
  });
}

export function tableForbidden({ feed, role, relation }: Forbidden): Problem {
  return problem({
    code: "source.right",
    says: `The role ${role} lacks SELECT on the whole of ${relation} (feed ${feed}): the lock against rewrites and the position of a row ask for it, rights on columns do not suffice.`,
    next: `grant select on ${relation} to "${role}", then \`ledgerloop doctor\``,
  });
}

export function columnsForbidden({ feed, role, relation, columns }: Forbidden & { columns: readonly string[] }): Problem {
  return problem({
    code: "source.right",
    says: `The role ${role} may not select the columns ${columns.join(", ")} of ${relation} (feed ${feed}).`,
    next: `grant select (${columns.map((name) => `"${name}"`).join(", ")}) on ${relation} to "${role}", then \`ledgerloop doctor\``,
  });
}

export function rowsFiltered({ feed, role, relation }: Forbidden): Problem {
  return problem({
    code: "source.right",
    says: `Row-level security would hide rows of ${relation} (feed ${feed}) from the role ${role}.`,
    next: `alter role "${role}" bypassrls (as a superuser), or read as the table's owner, then \`ledgerloop doctor\``,
  });
}

export function cursorUnproven({
  feed,
  origin,
  source,
  why,
}: {
  feed: string;
  origin: string;
  source: string;
  why: string;
}): Problem {
  return problem({
    code: "source.cursor_relation",
    says: `The relation ${origin} of the feed ${feed} cannot have an incremental cursor: ${why}.`,
    next: `set cursor: { mode: whole } in sources/${source}.yaml, or say in cursor.trusted why no row can be missed, then \`ledgerloop plan\``,
  });
}

export function sourceKeyNotUnique({ feed, key }: { feed: string; key: readonly string[] }): Problem {
  return problem({
    code: "source.key_index",
    says: `No unique index stands on the source key (${key.join(", ")}) of the feed ${feed}, although unique_source_key says so.`,
    next: 'create the index at the source, or declare unique_source_key: "checked nightly" and run `ledgerloop run --keys` each night',
  });
}

interface CursorPlace {
  readonly feed: string;
  readonly source: string;
  readonly column: string;
}

export function clockUnknown({ feed, source, column }: CursorPlace): Problem {
  return problem({
    code: "source.clock",
    says: `The cursor column "${column}" of the feed ${feed} is a timestamp without a zone: nothing says whose clock it shows.`,
    next: `declare cursor.time_zone in sources/${source}.yaml (an IANA name; \`show timezone\` in the sessions that write the rows), then \`ledgerloop doctor\``,
  });
}

export function clockUnneeded({ feed, source, column }: CursorPlace): Problem {
  return problem({
    code: "source.clock",
    says: `The cursor column "${column}" of the feed ${feed} holds instants; cursor.time_zone says nothing of it.`,
    next: `remove cursor.time_zone from sources/${source}.yaml, then \`ledgerloop plan\``,
  });
}

export function clockWrong({ feed, source, column, clock, rows }: CursorPlace & { clock: string; rows: string }): Problem {
  return problem({
    code: "source.clock_wrong",
    says: `All ${rows} of the newest rows of the feed ${feed} that were written after the last read are stamped before its horizon: "${column}" does not show the clock of ${clock}, or a clock that is late stamped them.`,
    next: `correct cursor.time_zone in sources/${source}.yaml, or the clock, then ${readWhole(feed, "clock corrected")}`,
  });
}

export function reshaped({ feed, origin, changes }: { feed: string; origin: string; changes: readonly string[] }): Problem {
  return problem({
    code: "source.shape",
    says: `Rows of ${origin} (feed ${feed}) may have changed without a stamp: ${changes.join("; ")}. It has more published rows than a run may read whole unasked (full_refresh_rows).`,
    next: `\`ledgerloop run --full --reason 'the table changed without stamps' --allow-cost --feeds ${feed}\``,
  });
}

export function otherSystem({ feed, mayReadWhole }: Whole): Problem {
  return problem({
    code: "source.other_system",
    says: `The feed ${feed} was last read from another database system or timeline (restored, promoted or replaced).`,
    next: readWhole(feed, "source was restored", mayReadWhole),
  });
}

export function otherRelation({ feed, mayReadWhole, origin }: Whole & { origin: string }): Problem {
  return problem({
    code: "source.other_relation",
    says: `Behind ${origin} the feed ${feed} finds another table or database than the one its cursor was made of (pointed elsewhere, restored, swapped, or dropped and made again).`,
    next: readWhole(feed, "another table", mayReadWhole),
  });
}

export function cursorAhead({ feed, mayReadWhole }: Whole): Problem {
  return problem({
    code: "source.cursor_ahead",
    says: `The cursor of the feed ${feed} lies ahead of the source itself, as after a restore from a dump.`,
    next: readWhole(feed, "source was restored", mayReadWhole),
  });
}

/** Reading it would publish a step back; it comes by itself. */
export function standbyBehind({ feed, replayed }: { feed: string; replayed: string | null }): Problem {
  return problem({
    code: "source.standby_behind",
    says: `The standby that the feed ${feed} is read from replays until ${replayed ?? "an unknown instant"}, which is before what is published.`,
    next: "repeat the same `ledgerloop run` when the standby has caught up",
  });
}
