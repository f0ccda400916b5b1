import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span as OTLP has it in JSON. */
interface WireSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

interface Scopes {
  readonly resourceSpans?: readonly { resource: Described; scopeSpans: readonly { spans: readonly WireSpan[] }[] }[];
  readonly resourceMetrics?: readonly { scopeMetrics: readonly { metrics: readonly { name: string }[] }[] }[];
}

interface Described {
  readonly attributes: readonly Attribute[];
}

/** Takes what OpenTelemetry sends over HTTP, on this machine. */
export class Collector {
  /** The bodies of what came, by path. */
  readonly came: { readonly path: string; readonly body: Scopes }[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param answer the status with which it answers, if ever */
  static async start(answer: number | "never" = 200): Promise<Collector> {
    const server = createServer(async (request, response) => {
      collector.came.push({ path: request.url ?? "", body: await bodyOf(request) });
      if (answer !== "never") response.writeHead(answer, { "Content-Type": "application/json" }).end("{}");
    });
    const collector = new Collector(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => collector.stop());
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  spans(): readonly WireSpan[] {
    return this.came.flatMap(({ body }) =>
      (body.resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }

  /** Who has sent spans, by the name and value of what describes it. */
  resource(): Readonly<Record<string, unknown>> {
    return named(this.came.flatMap(({ body }) => body.resourceSpans ?? [])[0]?.resource ?? { attributes: [] });
  }

  /** Names of what was measured. */
  measured(): readonly string[] {
    return this.came.flatMap(({ body }) =>
      (body.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Attributes by their names. */
export function named({ attributes }: Described): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

async function bodyOf(request: IncomingMessage): Promise<Scopes> {
  return (await json(request)) as Scopes;
}
