// Prints what failed in a file of test results: each test with the first lines of its message, each file that did not load.
import { readFileSync } from "node:fs";

const LINES = 12;
const { testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const file of testResults) {
  const failed = file.assertionResults.filter((test) => test.status === "failed");
  for (const test of failed) {
    const told = test.failureMessages.join("\n").split("\n").slice(0, LINES);
    console.log([`test: ${file.name}: ${test.fullName}`, ...told].join("\n    "));
  }
  if (failed.length === 0 && file.status === "failed") console.log(`file: ${file.name}: ${file.message}`);
}
