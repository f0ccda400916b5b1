/** What one call to a model is asked. `system` and `tools` stay the same for a whole session, so that vendors can cache them. */
export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** The most that the model may answer. */
  readonly maxOutputTokens: number;
}

/** One entry of a conversation, in no vendor's form. */
export type Message =
  | { readonly role: "user"; readonly text: string }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls: readonly ToolCall[];
      /** The vendor's own form of the reply (JSON), given back unchanged to the provider that made it: it may hold signed thoughts. */
      readonly native?: unknown;
    }
  | { readonly role: "results"; readonly results: readonly ToolResult[] };

/** A tool as it is described to a model. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** A model's wish to use a tool. */
export interface ToolCall {
  /** Unique within the conversation; the provider makes one when the vendor gives none. */
  readonly id: string;
  readonly name: string;
  /** The arguments; a string when what the model wrote is no JSON. */
  readonly input: unknown;
}

export interface ToolResult {
  /** Of the call. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly failed: boolean;
}

/** What one call has used. The four never overlap: `inputTokens` is what was neither read from nor written to a cache. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Thoughts included. */
  readonly outputTokens: number;
}

/** A model's answer to one call. */
export interface Reply {
  readonly message: Extract<Message, { role: "assistant" }>;
  /** `length`: it ran into `maxOutputTokens`. `refused`: the vendor's safety rules stopped it. `other`: a reason of which we know nothing. */
  readonly stop: "finished" | "tools" | "length" | "refused" | "other";
  readonly usage: TokenUsage;
  /** The model that answered, in the vendor's words. */
  readonly model: string;
}

/** A vendor's models behind one call. It makes one attempt; trying again is up to the session. */
export interface ModelProvider {
  /** As the GenAI semantic conventions name it: `anthropic`, `gcp.gemini`, `openai`, `aws.bedrock`. */
  readonly system: string;
  /** The model that is asked for. */
  readonly model: string;
  /**
   * @param onText is given the answer's text as it comes
   * @throws ModelFailure
   */
  reply(request: ModelRequest, options: { signal: AbortSignal; onText(text: string): void }): Promise<Reply>;
}

/** Why a model gave no answer, in the terms in which a session decides what to do. */
export type FailureKind =
  /** 429. */
  | "rate"
  /** 5xx, 529, a dropped stream, no connection, a reply that could not be read. */
  | "unavailable"
  /** A wrong or missing key, or no permission. */
  | "login"
  /** The conversation does not fit into the model. */
  | "too-long"
  /** The vendor does not know the model. */
  | "model"
  /** Any other refusal of the request. */
  | "request";

/** One failed call of a model. */
export class ModelFailure extends Error {
  readonly kind: FailureKind;
  /** How long the vendor wants us to wait, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, message: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "ModelFailure";
    this.kind = kind;
    this.retryAfter = options.retryAfter;
  }

  /** Whether the same call may succeed later. */
  get passing(): boolean {
    return this.kind === "rate" || this.kind === "unavailable";
  }
}
