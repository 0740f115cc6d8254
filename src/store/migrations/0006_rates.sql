-- Rates that processes keep together, by names such as `stripe/acct_1/all`. Losing a line costs one burst too many, nothing else.
create table ledgerloop.rate (
  name       text primary key,
  -- When the slot would come that would be free if nothing had been saved up: the theoretical arrival time of GCRA, by this server's clock.
  next_at    timestamptz not null,
  -- Slots before it are not used, also those that were given out: the service asked for a pause.
  held_until timestamptz
);
