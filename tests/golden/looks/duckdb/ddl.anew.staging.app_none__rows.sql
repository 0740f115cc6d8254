DROP TABLE IF EXISTS staging."app_none__rows";
