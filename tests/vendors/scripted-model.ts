import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach } from "vitest";

/** A tool that the model uses, and with what. */
export type Use = readonly [name: string, input: object];

/** A vendor's server on this machine whose model does what a test says; a new one for each test. */
export class ScriptedModel {
  #mock = new LLMock({ port: 0 });

  constructor() {
    beforeEach(async () => {
      this.#mock = new LLMock({ port: 0 });
      await this.#mock.start();
    });
    afterEach(() => this.#mock.stop());
  }

  get url(): string {
    return this.#mock.url;
  }

  /** It uses these tools, one after the other, and then says that it is done. */
  uses(...tools: readonly Use[]): void {
    this.says("All done.", ...tools);
  }

  /** It uses these tools, one after the other, and then says these words. */
  says(content: string, ...tools: readonly Use[]): void {
    const usage = { input_tokens: 10, output_tokens: 5 };
    let turn = 0;
    this.#mock.on({ predicate: () => true }, () => {
      const next = tools[turn++];
      if (next === undefined) return { content, usage };
      return { toolCalls: [{ name: next[0], arguments: JSON.stringify(next[1]) }], usage };
    });
  }

  /** @param type the vendor's word for it */
  refusesKey(type: string): void {
    this.#mock.on({ predicate: () => true }, () => ({ error: { message: "bad key", type }, status: 401 }));
  }

  /** All that it was told, as JSON. */
  heard(): string {
    return JSON.stringify(this.#mock.getRequests().map(({ body }) => body?.messages ?? ""));
  }

  /** What it was told at a call, as JSON; -1 is the last one. */
  told(index: number): string {
    return JSON.stringify(this.#mock.getRequests().at(index)?.body?.messages ?? "");
  }
}
