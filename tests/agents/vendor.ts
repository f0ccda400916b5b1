import { type FixtureResponse, LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll } from "vitest";

/** A vendor of models on this machine, for the tests of one file. */
export interface Vendor {
  /** The lines of mesh.yml for an agent `claude` whose model is this vendor's. */
  agent(more?: string): string;
  /** What the model says at each of its turns; from then on nothing. */
  says(...answers: readonly FixtureResponse[]): void;
  /** What it was asked, the oldest first, each as JSON. */
  asked(): readonly string[];
}

export function startVendor(): Vendor {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  beforeAll(() => mock.start());
  afterAll(() => mock.stop());
  afterEach(() => mock.reset());
  return {
    agent: (more = "") =>
      `agents:\n  claude: { provider: anthropic, model: claude-test, baseUrl: "${mock.url}", keyCommand: [echo, key], prices: { input: 10, output: 100 }${more} }\n`,
    says: (...answers) => {
      mock.reset();
      mock.on({ predicate: () => true }, ({ messages }) => {
        const turn = messages.filter(({ role }) => role === "assistant").length;
        return answers[turn] ?? { content: "There is nothing more to say." };
      });
    },
    asked: () => mock.getRequests().map(({ body }) => JSON.stringify(body)),
  };
}

/** A turn in which the model uses tools. It costs 2 cents at the prices of {@link Vendor.agent}. */
export function uses(...calls: readonly (readonly [name: string, input: object])[]): FixtureResponse {
  return {
    toolCalls: calls.map(([name, input]) => ({ name, arguments: JSON.stringify(input) })),
    usage: { input_tokens: 1000, output_tokens: 100 },
  };
}
