import { type FixtureResponse, LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll } from "vitest";

/** What a model says at each turn of a session; `told` is the session's first message. */
export type Play = (told: string) => readonly FixtureResponse[] | undefined;

/** A vendor whose model plays by what each session is told: the first play that knows the session speaks. */
export interface Players {
  /** The lines of mesh.yml for agents of these names. */
  agents(...names: readonly string[]): string;
  plays(...plays: readonly Play[]): void;
  /** The models that were asked, with what each session was told first, in order and each session once. */
  sessions(): readonly { readonly model: string; readonly told: string; readonly temperature: unknown }[];
}

export function startPlayers(): Players {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  beforeAll(() => mock.start());
  afterAll(() => mock.stop());
  afterEach(() => mock.reset());
  return {
    agents: (...names) =>
      `agents:\n${names.map((name) => `  ${name}: { provider: anthropic, model: claude-${name}, baseUrl: "${mock.url}", keyCommand: [echo, key], prices: { input: 1, output: 1 } }\n`).join("")}`,
    plays: (...plays) => {
      mock.reset();
      mock.on({ predicate: () => true }, ({ messages }) => {
        const told = toldIn(messages);
        const turn = messages.filter(({ role }) => role === "assistant").length;
        const answers = plays.map((play) => play(told)).find((each) => each !== undefined);
        return answers?.[turn] ?? { content: "There is nothing more to say." };
      });
    },
    sessions: () =>
      mock.getRequests().flatMap(({ body }) => {
        if (body === null) return [];
        const { messages, model, temperature } = body as Asked;
        if (messages.some(({ role }) => role === "assistant")) return [];
        return [{ model, told: toldIn(messages), temperature }];
      }),
  };
}

interface Asked {
  readonly model: string;
  readonly messages: readonly Said[];
  readonly temperature?: unknown;
}

interface Said {
  readonly role: string;
  readonly content?: unknown;
}

function toldIn(messages: readonly Said[]): string {
  const first = messages.find(({ role }) => role === "user")?.content;
  return typeof first === "string" ? first : JSON.stringify(first);
}
