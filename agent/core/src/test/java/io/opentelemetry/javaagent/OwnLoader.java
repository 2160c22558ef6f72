package io.opentelemetry.javaagent;

/** Named like the loaders of OpenTelemetry's agent. */
public final class OwnLoader extends ClassLoader {}
