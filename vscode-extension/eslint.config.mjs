// Strict rules with types for our TypeScript; scripts and configuration get the plain ones.
import js from "@eslint/js";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "bundled/", "out/", "tests/editor/artefacts/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./src/webview/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 60, IIFEs: true }],
      "no-console": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `noPropertyAccessFromIndexSignature` asks for the brackets that this rule would take away.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", Buffer: "readonly", URL: "readonly" } },
  },
  {
    files: ["tests/editor/**/*.mjs", "tests/editor/**/*.cjs"],
    languageOptions: {
      globals: {
        ...Object.fromEntries(["process", "require", "exports", "__dirname"].map((each) => [each, "readonly"])),
        ...Object.fromEntries(["describe", "before", "it"].map((each) => [each, "readonly"])),
        ...Object.fromEntries(["setTimeout", "URLSearchParams"].map((each) => [each, "readonly"])),
        // what runs in the page
        ...Object.fromEntries(["document", "getComputedStyle", "MutationObserver"].map((each) => [each, "readonly"])),
      },
    },
  },
);
