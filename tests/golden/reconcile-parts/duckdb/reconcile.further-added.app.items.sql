INSERT INTO temp."source_side_app_items"
SELECT f.* FROM temp."further_side_app_items" f;
