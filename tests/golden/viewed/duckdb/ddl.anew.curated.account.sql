DROP TABLE curated."account__rows";
