import { describe, expect, test } from "vitest";
import { deploymentSentence } from "../src/offline/sentence.ts";
import { memo, TestMesh } from "./session.ts";

const targets = ["staging", "production"];

describe("a deployment in one sentence", () => {
  test("is read word by word", () => {
    const text =
      "Please deploy shop 1.4.2 from the image ghcr.io/acme/shop:1.4.2 to staging on port 8443 as shop.example.com, with 512 MB of memory.";
    expect(deploymentSentence(text, targets)).toEqual({
      ...{ app: "shop", version: "1.4.2", target: "staging", port: 8443, domain: "shop.example.com" },
      artifacts: [{ kind: "image", image: "ghcr.io/acme/shop:1.4.2" }],
      resources: { memory: "512MB" },
      ...{ env: [], needs: [], verify: [] },
    });
  });

  test.each([
    ["roll out notes on production from folder dist/site", { app: "notes", target: "production" }],
    ["deploy notes to staging, ghcr.io/acme/notes:v2.0.1", { version: "v2.0.1", target: "staging" }],
    ["Deploy shop version 1.4.2 to the staging", { version: "1.4.2", target: "staging" }],
    ["deploy cache with image: redis:7.4.1, port 6379", { app: "cache", version: "7.4.1", port: 6379 }],
  ])("may leave out what somebody will be asked for: %s", (text, facts) => {
    expect(deploymentSentence(text, targets)).toMatchObject(facts);
  });

  test.each([
    "deploy vLLM optimised for throughput with the GPUs that are free",
    "Deploy keys are missing on staging",
    "deploy everything to production on port 80",
    "deploy to staging from the image a/b:1",
    "why did we deploy shop 1.4.2 to staging on port 80?",
    "do not deploy shop 1.4.2 to staging",
    "",
  ])("is not made out of something else: %s", (text) => {
    expect(deploymentSentence(text, targets)).toBeUndefined();
  });

  test("is prepared like a memo that says the same", async () => {
    const subject = "deploy shop 1.4.2 from the image ghcr.io/acme/shop:1.4.2 to staging on port 8443";
    const { outcome, files } = await new TestMesh().work(memo(subject, "", { type: "ask", from: "operator" }));
    expect(outcome.kind).toBe("prepared");
    expect(files.find(({ path }) => path === "services/shop/compose.yaml")?.content).toContain("127.0.0.1:8443:8443");
  });
});
