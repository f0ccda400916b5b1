import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    globalSetup: "../../scripts/built-program.ts",
    include: ["*.vendor.ts"],
    reporters: ["verbose", "../../scripts/closing-line-reporter.ts"],
    testTimeout: 120_000,
    // Each of these programs wants a machine for itself.
    fileParallelism: false,
  },
});
