DROP VIEW IF EXISTS raw."left_view";
