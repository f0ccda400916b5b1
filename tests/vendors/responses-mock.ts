import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One thing that the model does: an item of OpenAI's Responses API, or words. */
export type Turn = string | Readonly<Record<string, unknown>>;

/**
 * OpenAI's Responses API as far as Codex needs it. aimock knows neither its freeform tools nor tools in namespaces.
 */
export class ResponsesMock {
  /** The bodies of what was asked. */
  readonly requests: { readonly input: readonly unknown[] }[] = [];
  #turns: readonly Turn[] = [];
  #status = 200;
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== "POST" || !request.url?.endsWith("/responses")) return response.writeHead(404).end("{}");
    this.requests.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    if (this.#status === 200) return this.#answer(response);
    const error = JSON.stringify({ error: { message: "bad key", type: "invalid_request_error" } });
    return response.writeHead(this.#status, { "content-type": "application/json" }).end(error);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** The model does these things, one after the other, and the last one again and again. */
  does(...turns: readonly Turn[]): void {
    this.#turns = turns;
  }

  refuses(status: number): void {
    this.#status = status;
  }

  #answer(response: ServerResponse): void {
    const number = this.requests.length;
    const turn = this.#turns[Math.min(number, this.#turns.length) - 1] ?? "";
    const base = { id: `item_${number}`, status: "completed" };
    const item =
      typeof turn === "string"
        ? {
            ...base,
            type: "message",
            role: "assistant",
            content: [{ type: "output_text", text: turn, annotations: [] }],
          }
        : { ...base, call_id: `call_${number}`, ...turn };
    const usage = {
      ...{ input_tokens: 100, input_tokens_details: { cached_tokens: 20 }, total_tokens: 110 },
      ...{ output_tokens: 10, output_tokens_details: { reasoning_tokens: 3 } },
    };
    const whole = {
      id: `resp_${number}`,
      object: "response",
      status: "completed",
      model: "gpt-5.5",
      output: [item],
      usage,
    };
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = [
      { type: "response.created", response: { ...whole, status: "in_progress", output: [] } },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: whole },
    ];
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  }
}
