-- 010_database: Database and schemas. WORK is where a run's temporary tables live: no other session can see or replace them.
-- Optional: needs the right to create databases; once somebody has run it, nobody needs that.

CREATE DATABASE IF NOT EXISTS LEDGERLOOP;

CREATE SCHEMA IF NOT EXISTS RAW;

CREATE SCHEMA IF NOT EXISTS STAGING;

CREATE SCHEMA IF NOT EXISTS CURATED;

CREATE SCHEMA IF NOT EXISTS HISTORY;

CREATE SCHEMA IF NOT EXISTS OPS;

CREATE SCHEMA IF NOT EXISTS REPORTING;

CREATE TRANSIENT SCHEMA IF NOT EXISTS WORK;
