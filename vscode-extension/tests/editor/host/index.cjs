/**
 * What VS Code calls inside its extension host: runs the suite with mocha, and reports each test as it ends.
 *
 * In: CODEKIN_HOST_REPORT, a file. Out: a line of JSON a test there; a promise that is rejected where a test failed.
 */

const fs = require("node:fs");
const path = require("node:path");

exports.run = async function run() {
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false, reporter: "min" });
  mocha.addFile(path.join(__dirname, "suite.cjs"));
  await new Promise((resolve, reject) => {
    const runner = mocha.run((failed) => (failed ? reject(new Error(`${failed} failed`)) : resolve()));
    runner.on("pass", (test) => report({ title: test.fullTitle(), duration: test.duration }));
    runner.on("fail", (test, problem) =>
      report({ title: test.fullTitle(), problem: problem.stack ?? String(problem) }),
    );
  });
};

function report(line) {
  fs.appendFileSync(process.env.CODEKIN_HOST_REPORT, `${JSON.stringify(line)}\n`);
}
