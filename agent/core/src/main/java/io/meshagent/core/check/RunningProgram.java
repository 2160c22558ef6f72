package io.meshagent.core.check;

import io.meshagent.core.registry.RegistrationStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a program that runs is and has, as far as it is looked at. Immutable. */
public final class RunningProgram {

  private final Map<String, String> entries;
  private final RegistrationStatus registration;
  private final String admin;
  private final Collection<String> grpcVersions;
  private final Map<String, String> words;

  /**
   * @param entries the state of each, by service and address with a blank between: {@code
   *     helloworld.Greeter 10.0.0.7:50051}
   * @param registration how it stands with the registry
   * @param admin host and port of its page
   * @param grpcVersions of each copy
   * @param words its command line and the variables that it takes options from, by their names
   */
  public RunningProgram(
      Map<String, String> entries,
      RegistrationStatus registration,
      String admin,
      Collection<String> grpcVersions,
      Map<String, String> words) {
    this.entries = new TreeMap<>(entries);
    this.registration = registration;
    this.admin = admin;
    this.grpcVersions = new TreeSet<>(grpcVersions);
    this.words = new LinkedHashMap<>(words);
  }

  Map<String, String> entries() {
    return entries;
  }

  /** Of all entries. */
  Set<String> services() {
    Set<String> services = new TreeSet<>();
    entries.keySet().forEach(entry -> services.add(entry.substring(0, entry.indexOf(' '))));
    return services;
  }

  /** How many entries should be in the registry and are not. */
  int missing() {
    return Math.max(0, registration.desired() - registration.registered());
  }

  String admin() {
    return admin;
  }

  Collection<String> grpcVersions() {
    return grpcVersions;
  }

  Map<String, String> words() {
    return words;
  }
}
