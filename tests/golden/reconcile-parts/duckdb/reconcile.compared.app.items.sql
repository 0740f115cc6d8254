CREATE OR REPLACE TEMP TABLE "compared_app_items" AS
SELECT COALESCE(n."id", s."id") AS "id", n._key_0, CASE WHEN COALESCE(n._in_flight, FALSE) OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content IS NULL THEN 'gone' WHEN s._content IS NULL THEN 'absent'
    WHEN n._content = s._content THEN 'equal' ELSE 'differs' END AS _state,
  n._minor AS _source_minor, n._currency AS _source_currency, s._minor AS _live_minor, s._currency AS _live_currency
FROM (SELECT p.* FROM (SELECT c.*, 1 AS _nth FROM temp."source_side_app_items" c) p WHERE p._nth = 1) n
FULL JOIN (SELECT p.* FROM (SELECT c.*, 1 AS _nth FROM temp."live_side_app_items" c) p WHERE p._nth = 1) s ON n."id" = s."id";
