-- Where an extract that was broken off can go on, in its adapter's words. Losing it costs reading again, nothing else.
create table ledgerloop.progress (
  run_group text not null,
  feed      text not null,
  -- What the token belongs to: another cursor or another configuration begins anew.
  started   text not null,
  token     jsonb not null,
  kept_at   timestamptz not null default clock_timestamp(),
  primary key (run_group, feed)
);
