-- What all comparisons and breaks came to when somebody compared last, for `status`, which opens no warehouse. It follows from the
-- warehouse's own tables, so that losing it costs nothing but the next comparison's telling.
create table ledgerloop.standing (
  pipeline text primary key,
  told     jsonb not null,
  told_at  timestamptz not null default clock_timestamp()
);
