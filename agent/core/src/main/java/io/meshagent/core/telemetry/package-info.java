/**
 * Metrics and traces. Imports api, log, the registry's status and the agent's threads; io.grpc only
 * in the trace exporter.
 */
package io.meshagent.core.telemetry;
