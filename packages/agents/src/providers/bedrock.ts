import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  type Tool,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { ModelFailure, type ModelProvider, type ModelRequest } from "../model.ts";
import { BedrockAnswer } from "./bedrock-answer.ts";
import { cachePoint, messagesOf } from "./bedrock-messages.ts";
import { causesOf, failureOf, unusable } from "./failure.ts";
import { eventsOf } from "./stream.ts";

export interface BedrockOptions {
  /** Name of the agent, for whoever has to find its credentials. */
  readonly agent: string;
  readonly model: string;
  readonly baseUrl?: string | undefined;
  /** From the AWS environment when absent, as the profile. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly requestSeconds: number;
  /** Tokens to think with, for Claude models that take a budget; "adaptive" for those that decide themselves. */
  readonly thinking?: number | "adaptive" | undefined;
  readonly temperature?: number | undefined;
  /** Whether the model knows cache points. */
  readonly cache: boolean;
}

const vendor = "Bedrock";

/** Models on Amazon Bedrock, through its Converse API. */
export function bedrockProvider(options: BedrockOptions): ModelProvider {
  const { agent, model, baseUrl, region, profile, requestSeconds } = options;
  const maker = `aws.bedrock/${model}`;
  return {
    system: "aws.bedrock",
    model,
    async reply(request, { signal, onText }) {
      const client = new BedrockRuntimeClient({
        maxAttempts: 1,
        ...(region === undefined ? {} : { region }),
        ...(profile === undefined ? {} : { profile }),
        ...(baseUrl === undefined ? {} : { endpoint: baseUrl }),
        // The SDK's usual HTTP/2 does not work without TLS.
        ...(baseUrl?.startsWith("http:") ? { requestHandler: new NodeHttpHandler() } : {}),
      });
      const answer = new BedrockAnswer(maker, model);
      try {
        for await (const event of eventsOf(
          async (end) => {
            const command = new ConverseStreamCommand(inputOf(request, maker, options));
            const { stream } = await client.send(command, { abortSignal: end });
            if (stream === undefined) throw unusable(vendor, "it has no stream");
            return stream;
          },
          { signal, seconds: requestSeconds, explain: (error) => explain(agent, error) },
        )) {
          answer.take(event, onText);
        }
      } finally {
        client.destroy();
      }
      return answer.reply(vendor);
    },
  };
}

function inputOf(request: ModelRequest, maker: string, options: BedrockOptions): ConverseStreamCommandInput {
  const { model, thinking, temperature, cache } = options;
  const budget = typeof thinking === "number" ? Math.min(thinking, request.maxOutputTokens - 1024) : 0;
  const thoughts =
    thinking === "adaptive"
      ? { type: "adaptive" }
      : budget >= 1024
        ? { type: "enabled", budget_tokens: budget }
        : undefined;
  return {
    modelId: model,
    messages: messagesOf(request.messages, maker, cache),
    inferenceConfig: {
      maxTokens: request.maxOutputTokens,
      ...(temperature === undefined ? {} : { temperature }),
    },
    ...(request.system === "" ? {} : { system: [{ text: request.system }, ...(cache ? [cachePoint] : [])] }),
    ...(request.tools.length === 0 ? {} : { toolConfig: { tools: request.tools.map(toolOf) } }),
    ...(thoughts === undefined ? {} : { additionalModelRequestFields: { thinking: thoughts } }),
  };
}

type Schema = NonNullable<Tool["toolSpec"]>["inputSchema"];

function toolOf({ name, description, input }: ModelRequest["tools"][number]): Tool {
  return { toolSpec: { name, description, inputSchema: { json: input } as Schema } };
}

function explain(agent: string, error: unknown): ModelFailure {
  if (!(error instanceof Error)) return unusable(vendor, String(error), error);
  if (/Credentials|Token(?:Provider)?Error|SSO/.test(error.name)) {
    return new ModelFailure(
      "login",
      `the agent "${agent}" has no AWS credentials: ${causesOf(error)}. Set AWS_PROFILE, AWS_ACCESS_KEY_ID or AWS_BEARER_TOKEN_BEDROCK where memomesh is started, or give the agent a profile in mesh.yml.`,
      { cause: error },
    );
  }
  if (/^Region is missing/.test(error.message)) {
    return new ModelFailure(
      "request",
      `the agent "${agent}" has no AWS region. Set AWS_REGION where memomesh is started, or give the agent a region in mesh.yml.`,
      { cause: error },
    );
  }
  const { $metadata, $response } = error as Partial<BedrockRuntimeServiceException>;
  const status = $metadata?.httpStatusCode;
  if (!(error instanceof BedrockRuntimeServiceException) && (status === undefined || status < 400)) {
    return unusable(vendor, causesOf(error), error);
  }
  const headers: Readonly<Record<string, string>> = $response?.headers ?? {};
  return failureOf(
    vendor,
    {
      // An exception within a stream comes with the status of the stream, which was well.
      status: status === undefined || status < 400 ? undefined : status,
      code: error.name,
      message: error.message,
      header: (name) => headers[name],
    },
    error,
  );
}
