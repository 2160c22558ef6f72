package io.meshagent.core.rules;

import io.meshagent.core.api.TextHash;
import io.meshagent.core.config.Audience;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** This program, as documents choose their programs and as its reports name it. Immutable. */
public final class Member {

  private final String id;
  private final String app;
  private final String version;
  private final long number;
  private final Map<String, String> facts;

  /** One that says nothing else of itself; the parameters as below. */
  public Member(String id, String app, String version, long number) {
    this(id, app, version, number, Collections.emptyMap());
  }

  /**
   * @param id what no other program has
   * @param number the same, for hashing
   * @param facts what else its reports say of it: {@code host}, {@code agent}
   */
  public Member(String id, String app, String version, long number, Map<String, String> facts) {
    this.id = id;
    this.app = app;
    this.version = version;
    this.number = number;
    this.facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  String id() {
    return id;
  }

  String app() {
    return app;
  }

  Map<String, String> facts() {
    return facts;
  }

  String version() {
    return version;
  }

  /** Of two documents each may choose other programs for its share. */
  boolean isIn(Audience audience, String document) {
    return audience.includes(app, version, place(document));
  }

  /** From 0 to below 100. */
  private double place(String document) {
    long hash = TextHash.spread(TextHash.of(document) ^ number);
    return 100 * ((hash >>> 11) / (double) (1L << 53));
  }
}
