CREATE OR REPLACE TEMPORARY TABLE "COMPARED_APP_ITEMS" AS
SELECT COALESCE(n."ID", s."ID") AS "ID", n._key_0, CASE WHEN COALESCE(n._in_flight, FALSE) OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content IS NULL THEN 'gone' WHEN s._content IS NULL THEN 'absent'
    WHEN n._content = s._content THEN 'equal' ELSE 'differs' END AS _state,
  n._minor AS _source_minor, n._currency AS _source_currency, s._minor AS _live_minor, s._currency AS _live_currency
FROM (SELECT p.* FROM (SELECT c.*, CASE WHEN c."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) ELSE 1 END AS _nth, FIRST_VALUE(c._content) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_content, FIRST_VALUE(c._version) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_version, FIRST_VALUE(c._in_flight) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_in_flight
  FROM "SOURCE_SIDE_APP_ITEMS" c
  LEFT JOIN (SELECT DISTINCT l."ID", l._content FROM "LIVE_SIDE_APP_ITEMS" l) e ON e._content = c._content AND e."ID" = c."ID") p WHERE p._nth = 1) n
FULL JOIN (SELECT p.* FROM (SELECT c.*, CASE WHEN c."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."ID" ORDER BY c._content, c._currency, c._minor) ELSE 1 END AS _nth
  FROM "LIVE_SIDE_APP_ITEMS" c) p WHERE p._nth = 1) s ON n."ID" = s."ID"
UNION ALL
SELECT n."ID", n._key_0, CASE WHEN n._first_in_flight OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content = n._first_content OR n._older THEN 'set_aside' ELSE 'further' END, n._minor, n._currency, CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR)
FROM (SELECT c.*, c._first_version IS NOT NULL AND (c._version IS NULL OR c._version < c._first_version) AS _older FROM (SELECT c.*, CASE WHEN c."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) ELSE 1 END AS _nth, FIRST_VALUE(c._content) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_content, FIRST_VALUE(c._version) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_version, FIRST_VALUE(c._in_flight) OVER (PARTITION BY c."ID" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_in_flight
  FROM "SOURCE_SIDE_APP_ITEMS" c
  LEFT JOIN (SELECT DISTINCT l."ID", l._content FROM "LIVE_SIDE_APP_ITEMS" l) e ON e._content = c._content AND e."ID" = c."ID") c WHERE c._nth > 1) n
LEFT JOIN (SELECT DISTINCT l."ID", l._later FROM "LIVE_SIDE_APP_ITEMS" l WHERE l._later) s ON s."ID" = n."ID"
UNION ALL
SELECT s."ID", CAST(NULL AS VARCHAR), 'copy', CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), s._minor, s._currency FROM (SELECT c.*, CASE WHEN c."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."ID" ORDER BY c._content, c._currency, c._minor) ELSE 1 END AS _nth
  FROM "LIVE_SIDE_APP_ITEMS" c) s WHERE s._nth > 1;
