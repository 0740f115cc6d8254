-- A gate stands by its name and what it is about, each in a column; '' where it is about no such thing.
alter table ledgerloop.verdict
  add column severity text,
  add column currency text not null default '',
  add column curated  text not null default '',
  add column rule     text not null default '',
  add column subject  text not null default '';
alter table ledgerloop.verdict drop constraint verdict_pkey;
alter table ledgerloop.verdict add primary key (run_id, scope, feed, name, currency, curated, rule, subject);

-- What landed bytes may be used again for stands in their manifests; a key that nothing compared said nothing.
alter table ledgerloop.step drop column journal_key;
