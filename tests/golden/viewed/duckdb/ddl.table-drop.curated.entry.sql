DROP VIEW curated."entry__rows";
