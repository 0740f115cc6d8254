-- A run whose publication the ledger does not have any more, since the warehouse was set back; the journal keeps it.
alter table ledgerloop.run add column undone_by text;
