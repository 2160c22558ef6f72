/** Metrics and traces. Imports api, config and log; io.grpc only in the trace exporter. */
package io.meshagent.core.telemetry;
