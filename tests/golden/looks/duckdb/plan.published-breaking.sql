SELECT CAST(count(*) FILTER (WHERE (l."_mask0" & 64) <> 0) AS VARCHAR) AS r0 FROM temp."label_app_entries" l;
