// What a collector of OpenTelemetry is told of sessions, and that it is never waited for.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Binary } from "../mail/binary.ts";
import { Workspace } from "../mail/workspace.ts";
import { Collector, named } from "./collector.ts";
import { startVendor, uses } from "./vendor.ts";

const vendor = startVendor();

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
const failed = /"code":"telemetry\.export"/g;

/** A mesh in which a session is about to be held. */
function open(): Workspace {
  const mesh = Workspace.open({ nodes: { ops: { agent: "claude" } }, more: vendor.agent() });
  mesh.drop("operator", "note.md", "---\nto: ops\n---\n# Note the secret port\n\nIt is secret-8080.\n");
  vendor.says(
    uses(["write", { path: "port.txt", content: "secret-8080\n" }]),
    uses(["finish", { handover: "Nothing is open.", notes: "The secret port is written down.", done: [] }]),
  );
  return mesh;
}

/** `memomesh run` to its end. */
async function run(mesh: Workspace): Promise<Binary> {
  const binary = Binary.start(mesh.root, ["run"]);
  expect((await binary.end).code).toBe(0);
  expect(mesh.read("projects/ops/port.txt")).toBe("secret-8080\n");
  return binary;
}

test("tells a collector of a session, of the model's calls in it, and of nothing that was said", async () => {
  const collector = await Collector.start();
  vi.stubEnv(endpoint, collector.url);
  vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
  const binary = await run(open());
  expect(binary.errors).toBe("");
  const [session, ...calls] = collector.spans().toSorted((a, b) => b.name.localeCompare(a.name));
  expect(session?.name).toBe("invoke_agent claude");
  expect(named(session ?? { attributes: [] })).toEqual({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "claude",
    "gen_ai.conversation.id": expect.stringMatching(/^[0-9A-Z]{26}$/),
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-test",
    "gen_ai.response.model": "claude-test",
    "gen_ai.usage.input_tokens": 2000,
    "gen_ai.usage.output_tokens": 200,
    "gen_ai.usage.cache_read.input_tokens": 0,
    "gen_ai.usage.cache_creation.input_tokens": 0,
    "memomesh.node": "ops",
    "memomesh.memo": expect.stringMatching(/^[0-9A-Z]{26}$/),
    "memomesh.outcome": "done",
    "memomesh.cost": 0.04,
  });
  expect(calls.map(({ name, traceId, parentSpanId }) => [name, traceId, parentSpanId])).toEqual(
    Array.from({ length: 2 }, () => ["chat claude-test", session?.traceId, session?.spanId]),
  );
  expect(collector.resource()).toMatchObject({
    "service.name": "memomesh",
    "deployment.environment.name": "test",
  });
  expect(collector.measured().toSorted()).toEqual(["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]);
  expect(collector.came.map(({ path }) => path).toSorted()).toEqual(["/v1/metrics", "/v1/traces"]);
  expect(JSON.stringify(collector.came)).not.toContain("secret");
});

test("says of a session that failed why it did, and what it cost", async () => {
  const collector = await Collector.start();
  vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", `${collector.url}/mine`);
  const mesh = open();
  mesh.write("mesh.yml", `${mesh.read("mesh.yml")}budgets: { session: { turns: 1 } }\n`);
  await Binary.start(mesh.root, ["run"]).end;
  const session = collector.spans().find(({ name }) => name.startsWith("invoke_agent"));
  expect(session?.status.code).toBe(2);
  expect(named(session ?? { attributes: [] })).toMatchObject({
    "error.type": "session.turns",
    "gen_ai.usage.output_tokens": 100,
  });
  expect(new Set(collector.came.map(({ path }) => path))).toEqual(new Set(["/mine"]));
});

test("works on when nobody listens there, and says so once", async () => {
  const collector = await Collector.start();
  vi.stubEnv(endpoint, collector.url);
  await collector.stop();
  const { errors } = await run(open());
  expect(errors.match(failed)).toHaveLength(1);
  expect(errors).toContain("ECONNREFUSED");
});

test("works on when the collector wants something else, and says so once", async () => {
  const collector = await Collector.start(404);
  vi.stubEnv(endpoint, collector.url);
  const { errors } = await run(open());
  expect(errors.match(failed)).toHaveLength(1);
  expect(errors).toContain("answered 404");
});

test("does not wait for a collector that never answers, however long it may take", async () => {
  const collector = await Collector.start("never");
  vi.stubEnv(endpoint, collector.url);
  vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000");
  const { errors } = await run(open());
  expect(errors.match(failed)).toHaveLength(1);
  expect(errors).toContain("did not take everything within 2 s");
});

test("says what is wrong with an address that is none, and sends nothing anywhere", async () => {
  vi.stubEnv(endpoint, "collector:4318");
  const { errors } = await run(open());
  expect(errors.match(failed)).toHaveLength(1);
  expect(errors).toContain("OTEL_EXPORTER_OTLP_ENDPOINT is no address");
});

test("tells nobody when it is switched off", async () => {
  const collector = await Collector.start();
  vi.stubEnv(endpoint, collector.url);
  vi.stubEnv("OTEL_SDK_DISABLED", "true");
  expect((await run(open())).errors).toBe("");
  expect(collector.came).toEqual([]);
});
