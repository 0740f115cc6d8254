CREATE OR REPLACE TEMP TABLE "compared_app_items" AS
SELECT COALESCE(n."id", s."id") AS "id", n._key_0, CASE WHEN COALESCE(n._in_flight, FALSE) OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content IS NULL THEN 'gone' WHEN s._content IS NULL THEN 'absent'
    WHEN n._content = s._content THEN 'equal' ELSE 'differs' END AS _state,
  n._minor AS _source_minor, n._currency AS _source_currency, s._minor AS _live_minor, s._currency AS _live_currency
FROM (SELECT p.* FROM (SELECT c.*, CASE WHEN c."id" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) ELSE 1 END AS _nth, FIRST_VALUE(c._content) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_content, FIRST_VALUE(c._version) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_version, FIRST_VALUE(c._in_flight) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_in_flight
  FROM temp."source_side_app_items" c
  LEFT JOIN (SELECT DISTINCT l."id", l._content FROM temp."live_side_app_items" l) e ON e._content = c._content AND e."id" = c."id") p WHERE p._nth = 1) n
FULL JOIN (SELECT p.* FROM (SELECT c.*, CASE WHEN c."id" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."id" ORDER BY c._content, c._currency, c._minor) ELSE 1 END AS _nth
  FROM temp."live_side_app_items" c) p WHERE p._nth = 1) s ON n."id" = s."id"
UNION ALL
SELECT n."id", n._key_0, CASE WHEN n._first_in_flight OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content = n._first_content OR n._older THEN 'set_aside' ELSE 'further' END, n._minor, n._currency, CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR)
FROM (SELECT c.*, c._first_version IS NOT NULL AND (c._version IS NULL OR c._version < c._first_version) AS _older FROM (SELECT c.*, CASE WHEN c."id" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) ELSE 1 END AS _nth, FIRST_VALUE(c._content) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_content, FIRST_VALUE(c._version) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_version, FIRST_VALUE(c._in_flight) OVER (PARTITION BY c."id" ORDER BY CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, CASE WHEN e._content IS NULL THEN 1 ELSE 0 END, c._currency, c._minor) AS _first_in_flight
  FROM temp."source_side_app_items" c
  LEFT JOIN (SELECT DISTINCT l."id", l._content FROM temp."live_side_app_items" l) e ON e._content = c._content AND e."id" = c."id") c WHERE c._nth > 1) n
LEFT JOIN (SELECT DISTINCT l."id", l._later FROM temp."live_side_app_items" l WHERE l._later) s ON s."id" = n."id"
UNION ALL
SELECT s."id", CAST(NULL AS VARCHAR), 'copy', CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), s._minor, s._currency FROM (SELECT c.*, CASE WHEN c."id" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."id" ORDER BY c._content, c._currency, c._minor) ELSE 1 END AS _nth
  FROM temp."live_side_app_items" c) s WHERE s._nth > 1;
