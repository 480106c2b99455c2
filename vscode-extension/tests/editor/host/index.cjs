/**
 * What VS Code calls inside its extension host: runs the suite with mocha, and leaves a report.
 *
 * In: CODEKIN_HOST_REPORT. Out: a promise that is rejected where a test failed.
 */

const path = require("node:path");

exports.run = async function run() {
  const { default: Mocha } = await import("mocha");
  const reporterOptions = { output: process.env.CODEKIN_HOST_REPORT };
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, color: false, reporter: "json", reporterOptions });
  mocha.addFile(path.join(__dirname, "suite.cjs"));
  await new Promise((resolve, reject) => {
    mocha.run((failed) => (failed ? reject(new Error(`${failed} failed`)) : resolve()));
  });
};
