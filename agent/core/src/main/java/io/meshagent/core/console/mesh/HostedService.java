package io.meshagent.core.console.mesh;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import java.util.Map;

/** That an instance hosts a service, as its entry says. Immutable. */
final class HostedService {

  final String service;
  final String instance;
  final Map<String, String> facts;

  HostedService(String service, Instance instance) {
    this.service = service;
    this.instance = instance.hostPort();
    this.facts = instance.metadata();
  }

  /** Empty if it says none. */
  String app() {
    return fact(Metadata.APPLICATION);
  }

  String fact(String name) {
    return facts.getOrDefault(name, "");
  }

  boolean isDraining() {
    return "true".equals(fact(Metadata.DRAINING));
  }

  /** Health checks and reflection stand beside what a program is for. */
  static boolean isOfProgram(String service) {
    return !service.startsWith("grpc.");
  }
}
