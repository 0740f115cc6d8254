CREATE OR REPLACE TEMP TABLE "source_side_app_items" AS
SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id",
  k."id" AS _key_0,
  k."_content" AS _content,
  k."_in_flight" = 't' AS _in_flight,
  TRY_CAST(k."v" AS BIGINT) AS _version,
  COALESCE(CASE WHEN (NOT COALESCE((k."amount" IS NULL OR ((CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END) IS NOT NULL AND regexp_matches(k."amount", '^-?(0|[1-9][0-9]*)([.][0-9]+)?$') AND REPLACE(SUBSTR(SPLIT_PART(k."amount", '.', 2), (CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END) + 1), '0', '') = '' AND TRY_CAST(SPLIT_PART(k."amount", '.', 1) || RPAD(SUBSTR(SPLIT_PART(k."amount", '.', 2), 1, (CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END)), (CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END), '0') AS BIGINT) IS NOT NULL)), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST(SPLIT_PART(k."amount", '.', 1) || RPAD(SUBSTR(SPLIT_PART(k."amount", '.', 2), 1, (CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END)), (CASE k."currency" WHEN 'USD' THEN 2 WHEN 'JPY' THEN 0 END), '0') AS BIGINT), 0) END, 0) AS _minor,
  COALESCE(k."currency", '-') AS _currency
FROM raw."app_items__content" k WHERE k."_batch_id" = 'reconcile_1';
