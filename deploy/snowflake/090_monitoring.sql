-- 090_monitoring: Views for dashboards and alerts inside Snowflake: last publication, freshness of feeds, verdicts that did not pass, money that waits.
-- Optional: for monitoring; runs do not use it.

CREATE OR REPLACE VIEW OPS."LAST_PUBLICATION" COPY GRANTS AS
SELECT p.run_group, p.number, p.publication_id, p.run_id, p.window_start, p.window_end, p.published_at, p.actor
FROM OPS."PUBLICATION" p JOIN (SELECT run_group, MAX(number) AS number FROM OPS."PUBLICATION" GROUP BY run_group) l ON l.run_group = p.run_group AND l.number = p.number;

CREATE OR REPLACE VIEW OPS."FEED_FRESHNESS" COPY GRANTS AS
SELECT b.feed, MAX(b.window_end) AS window_end, MAX(p.published_at) AS published_at, SUM(b.row_count) AS row_count
FROM OPS."BATCH" b JOIN OPS."PUBLICATION" p ON p.publication_id = b.publication_id WHERE b.replay_of IS NULL GROUP BY b.feed;

CREATE OR REPLACE VIEW OPS."FAILED_VERDICT" COPY GRANTS AS
SELECT v.run_group, v.number, v.scope, v.feed, v.name, v.severity, v.verdict, v.observed, v.limit_text
FROM OPS."VERDICT" v WHERE v.verdict <> 'pass';

CREATE OR REPLACE VIEW OPS."WAITING_MONEY" COPY GRANTS AS
SELECT q.feed, q.kind, q.reasons, q.currency, SUM(q.copies) AS row_count, SUM(q.copies * q.minor) AS minor, MIN(q.opened_at) AS oldest
FROM OPS."OPEN_QUARANTINE" q GROUP BY q.feed, q.kind, q.reasons, q.currency;
