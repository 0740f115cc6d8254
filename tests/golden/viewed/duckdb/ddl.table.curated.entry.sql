CREATE TABLE curated."entry__made" AS SELECT * FROM curated."entry__rows";
