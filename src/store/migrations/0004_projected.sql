-- How far a group's publication ledger is told here: everything up to this number is. run_id is that publication's; where the
-- ledger names another one, it was set back or replaced.
create table ledgerloop.projected (
  run_group    text primary key,
  number       bigint not null check (number > 0),
  run_id       text not null,
  projected_at timestamptz not null default clock_timestamp()
);
