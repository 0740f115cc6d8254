-- Runs as their commands asked for them, and what became of them.
create table ledgerloop.run (
  run_id              text primary key,
  run_group           text not null,
  window_start        timestamptz,
  window_end          timestamptz,
  kind                text not null,
  args                jsonb not null,
  token               bigint,
  base_head           bigint,
  status              text not null default 'running' check (status in ('running', 'finished')),
  outcome             text,
  exit_code           integer,
  publication_id      text,
  actor               text not null,
  reason              text,
  ticket              text,
  code_version        text not null,
  started_at          timestamptz not null default clock_timestamp(),
  finished_at         timestamptz,
  result              jsonb,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  check ((window_start is null) = (window_end is null)),
  check (window_start < window_end),
  check ((status = 'finished') = (finished_at is not null)),
  check ((status = 'finished') = (outcome is not null)),
  check ((cancel_requested_at is null) = (cancel_requested_by is null))
);
create index run_newest on ledgerloop.run (started_at desc, run_id desc);
create index run_window on ledgerloop.run (run_group, window_start, window_end, started_at desc);

-- One line per stage of a run; a repeated stage replaces its line.
create table ledgerloop.step (
  run_id      text not null references ledgerloop.run,
  stage       text not null,
  ordinal     integer not null,
  journal_key text not null,
  status      text not null check (status in ('running', 'done', 'skipped', 'failed')),
  detail      jsonb not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  primary key (run_id, stage),
  unique (run_id, ordinal)
);

-- One row per group for ever: a released lease keeps its token, so that tokens only rise.
create table ledgerloop.lease (
  run_group  text primary key,
  run_id     text,
  token      bigint not null,
  expires_at timestamptz not null
);

-- What rules and gates said, also of runs that published nothing. feed is '' for a verdict on the whole group.
create table ledgerloop.verdict (
  run_id     text not null references ledgerloop.run,
  scope      text not null check (scope in ('rule', 'gate')),
  feed       text not null,
  name       text not null,
  verdict    text not null check (verdict in ('pass', 'warn', 'fail', 'error')),
  observed   text,
  limit_text text,
  detail     jsonb not null,
  primary key (run_id, scope, feed, name)
);

-- A few masked rows per reason, for people.
create table ledgerloop.sample (
  run_id text not null references ledgerloop.run,
  feed   text not null,
  reason text not null,
  rows   jsonb not null check (jsonb_typeof(rows) = 'array' and jsonb_array_length(rows) <= 20),
  primary key (run_id, feed, reason)
);
