#!/usr/bin/env node
import { createApp } from "./app/app.ts";
import { main } from "./cli/main.ts";

process.exitCode = await main(createApp(process.env), process.argv.slice(2));
