import { expect, test } from "vitest";
import { cannotInstall, collected, discreet, editorsProxy, pipArguments, pipEnvironment } from "../src/pip";
import { NEWEST, OLDEST } from "../src/python";
import { configured } from "./vscode";

test("nothing is ever compiled", () => {
  expect(pipArguments("a.whl").join(" ")).toContain("--only-binary :all:");
});

test.each([
  ["Collecting numpy>=1.26 (from codekin==0.1.0)", "numpy"],
  ["Downloading tree_sitter-0.25.2-cp312-cp312-manylinux.whl (600 kB)", "tree_sitter"],
  ["Installing collected packages: numpy", undefined],
])("%s names %s", (line, expected) => {
  expect(collected(line)).toBe(expected);
});

test.each([
  ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", /disk is full/],
  ["WARNING: Retrying … NewConnectionError … Temporary failure in name resolution", /cannot be reached/],
  ["ERROR: No matching distribution found for onnxruntime>=1.20", /no build for this Python/],
  ["Retrying after connection broken by 'ReadTimeoutError(...)'\nERROR: Could not find a version", /cannot be reached/],
  ["urllib3: Max retries exceeded with url: /simple/numpy/", /cannot be reached/],
  ["('Connection aborted.', RemoteDisconnected('Remote end closed'))", /cannot be reached/],
  ["pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", /cannot be reached/],
  ["something else", /log says why/],
])("pip's %s is told as something to do", (output, expected) => {
  const problem = cannotInstall(output);
  expect(problem.message).toMatch(expected);
  expect(problem.remedies.length).toBeGreaterThan(0);
  expect(problem.detail).toBe(output);
});

test("without a network there are buttons for the proxy and for one's own codekin", () => {
  const { remedies } = cannotInstall("NewConnectionError");
  expect(remedies.map(({ title }) => title)).toEqual(["Try Again", "Set a Proxy", "Use My Own codekin"]);
});

test("the Pythons that are named are those that are looked for", () => {
  const { message } = cannotInstall("No matching distribution");
  expect(message).toContain(`${OLDEST.join(".")} to ${NEWEST.join(".")}`);
});

test("the editor's proxy is used unless its proxies are off", () => {
  configured.set("http.proxy", "http://proxy:8080 ");
  expect(pipArguments("a.whl", editorsProxy()).join(" ")).toContain("--proxy http://proxy:8080 --only-binary");
  configured.set("http.proxySupport", "off");
  expect(editorsProxy()).toBeUndefined();
  configured.clear();
  expect(pipArguments("a.whl", editorsProxy())).not.toContain("--proxy");
});

test("pip installs into the environment, whatever its user's settings are", () => {
  const given = { PATH: "/bin", PIP_TARGET: "/x", PIP_PREFIX: "/y", PIP_USER: "1", PIP_INDEX_URL: "https://mine" };
  expect(pipEnvironment(given)).toEqual({ PATH: "/bin", PIP_USER: "0", PIP_INDEX_URL: "https://mine" });
});

test("a password of a proxy is not logged", () => {
  expect(discreet("> pip --proxy http://ann:secret@proxy:8080 x")).toBe("> pip --proxy http://…@proxy:8080 x");
});
