import { setTimeout as pause } from "node:timers/promises";
import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

/** What the conformance suite wants to find, so that everything which the transport carries is proved, not only what we use. */
export function fixtureServer(): McpServer {
  const server = new McpServer(
    { name: "fixtures", version: "1" },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  offerContents(server);
  offerConversations(server);
  offerResources(server);
  offerPrompts(server);
  return server;
}

function offerContents(server: McpServer): void {
  const answers: Readonly<Record<string, CallToolResult["content"]>> = {
    test_simple_text: [{ type: "text", text: "This is a simple text response for testing." }],
    test_image_content: [{ type: "image", data: png, mimeType: "image/png" }],
    test_audio_content: [{ type: "audio", data: wav, mimeType: "audio/wav" }],
    test_embedded_resource: [
      {
        type: "resource",
        resource: {
          uri: "test://embedded-resource",
          mimeType: "text/plain",
          text: "This is an embedded resource content.",
        },
      },
    ],
    test_multiple_content_types: [
      { type: "text", text: "Multiple content types test:" },
      { type: "image", data: png, mimeType: "image/png" },
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: '{"test":"data","value":123}',
        },
      },
    ],
  };
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: name }, () => ({ content }));
  }
  server.registerTool("test_error_handling", { description: "fails" }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
}

function offerConversations(server: McpServer): void {
  const said = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });
  server.registerTool("test_tool_with_logging", { description: "logs" }, async ({ sendNotification }) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await sendNotification({ method: "notifications/message", params: { level: "info", data } });
      await pause(50);
    }
    return said("done");
  });
  server.registerTool("test_tool_with_progress", { description: "progresses" }, async ({ _meta, sendNotification }) => {
    for (const progress of [0, 50, 100]) {
      const progressToken = _meta?.progressToken;
      const params = { progressToken: progressToken ?? 0, progress, total: 100 };
      if (progressToken !== undefined) await sendNotification({ method: "notifications/progress", params });
      await pause(50);
    }
    return said("done");
  });
  const prompt = { description: "samples", inputSchema: { prompt: z.string() } };
  server.registerTool("test_sampling", prompt, async ({ prompt: text }) => {
    const message = { role: "user", content: { type: "text", text } } as const;
    const { content } = await server.server.createMessage({ messages: [message], maxTokens: 100 });
    return said(`LLM response: ${content.type === "text" ? content.text : content.type}`);
  });
  const elicit = async (message: string, requestedSchema: ElicitRequestFormParams["requestedSchema"]) => {
    const { action, content } = await server.server.elicitInput({ mode: "form", message, requestedSchema });
    return said(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
  };
  const message = { description: "asks", inputSchema: { message: z.string() } };
  server.registerTool("test_elicitation", message, ({ message: text }) => elicit(text, person));
  server.registerTool("test_elicitation_sep1034_defaults", { description: "asks" }, () => elicit("Defaults", defaults));
  server.registerTool("test_elicitation_sep1330_enums", { description: "asks" }, () => elicit("Choices", choices));
}

const person = {
  type: "object" as const,
  properties: {
    username: { type: "string" as const, description: "User's response" },
    email: { type: "string" as const, description: "User's email address" },
  },
  required: ["username", "email"],
};

const defaults = {
  type: "object" as const,
  properties: {
    name: { type: "string" as const, default: "John Doe" },
    age: { type: "integer" as const, default: 30 },
    score: { type: "number" as const, default: 95.5 },
    status: { type: "string" as const, enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean" as const, default: true },
  },
};

const titled = [
  { const: "value1", title: "First" },
  { const: "value2", title: "Second" },
  { const: "value3", title: "Third" },
];

const choices = {
  type: "object" as const,
  properties: {
    untitledSingle: { type: "string" as const, enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string" as const, oneOf: titled },
    legacyEnum: { type: "string" as const, enum: ["opt1", "opt2", "opt3"], enumNames: ["One", "Two", "Three"] },
    untitledMulti: {
      type: "array" as const,
      items: { type: "string" as const, enum: ["option1", "option2", "option3"] },
    },
    titledMulti: { type: "array" as const, items: { anyOf: titled } },
  },
};

function offerResources(server: McpServer): void {
  const text = "This is the content of the static text resource.";
  const about = (mimeType: string) => ({ description: "a fixture", mimeType });
  server.registerResource("text", "test://static-text", about("text/plain"), ({ href: uri }) => ({
    contents: [{ uri, mimeType: "text/plain", text }],
  }));
  server.registerResource("binary", "test://static-binary", about("image/png"), ({ href: uri }) => ({
    contents: [{ uri, mimeType: "image/png", blob: png }],
  }));
  server.registerResource("watched", "test://watched-resource", about("text/plain"), ({ href: uri }) => ({
    contents: [{ uri, mimeType: "text/plain", text }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, about("application/json"), ({ href: uri }, { id }) => ({
    contents: [{ uri, mimeType: "application/json", text: JSON.stringify({ id, data: `Data for ID: ${id}` }) }],
  }));
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
}

function offerPrompts(server: McpServer): void {
  const says = (text: string) => ({ role: "user", content: { type: "text", text } }) as const;
  server.registerPrompt("test_simple_prompt", { description: "simple" }, () => ({
    messages: [says("This is a simple prompt for testing.")],
  }));
  const arg1 = completable(z.string(), (typed) => ["paris", "park", "party"].filter((each) => each.startsWith(typed)));
  const two = { description: "with arguments", argsSchema: { arg1, arg2: z.string() } };
  server.registerPrompt("test_prompt_with_arguments", two, ({ arg1: one, arg2: other }) => ({
    messages: [says(`Prompt with arguments: arg1='${one}', arg2='${other}'`)],
  }));
  const embedded = { description: "with a resource", argsSchema: { resourceUri: z.string() } };
  server.registerPrompt("test_prompt_with_embedded_resource", embedded, ({ resourceUri: uri }) => {
    const resource = { uri, mimeType: "text/plain", text: "Embedded resource content for testing." };
    const first = { role: "user", content: { type: "resource", resource } } as const;
    return { messages: [first, says("Please process the embedded resource above.")] };
  });
  const image = { role: "user", content: { type: "image", data: png, mimeType: "image/png" } } as const;
  server.registerPrompt("test_prompt_with_image", { description: "with an image" }, () => ({
    messages: [image, says("Please analyze the image above.")],
  }));
}
