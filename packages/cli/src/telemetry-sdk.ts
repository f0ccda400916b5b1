import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Signal } from "./telemetry.ts";
import { version } from "./version.ts";

/** How long one delivery may take, when no variable of the environment says it: less than the end of a command waits. */
const deliveryMilliseconds = 1500;

/**
 * Registers OpenTelemetry's SDK, which reads further variables of the environment by itself (headers, certificates).
 *
 * @param onFailure is given what kept a delivery from arriving
 * @returns sends what is left, and ends
 */
export function registerSdk(wanted: readonly Signal[], onFailure: (error: unknown) => void): () => Promise<void> {
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT ??= String(deliveryMilliseconds);
  const own = resourceFromAttributes({ "service.name": "memomesh", "service.version": version });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
  const ends: (() => Promise<void>)[] = [];
  if (wanted.includes("traces")) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const exporter = heard(new OTLPTraceExporter(), onFailure);
    const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] });
    trace.setGlobalTracerProvider(provider);
    ends.push(() => provider.shutdown());
  }
  if (wanted.includes("metrics")) {
    const exporter = heard(new OTLPMetricExporter(), onFailure);
    const provider = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter })] });
    metrics.setGlobalMeterProvider(provider);
    ends.push(() => provider.shutdown());
  }
  return async () => void (await Promise.allSettled(ends.map((end) => end())));
}

/** The form of both exporters. */
interface Exporter<Items> {
  export(items: Items, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
}

/** The same exporter; whatever it cannot deliver is also told. */
function heard<Items, E extends Exporter<Items>>(exporter: E, onFailure: (error: unknown) => void): E {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.code !== 0) onFailure(result.error);
      done(result);
    });
  return exporter;
}
