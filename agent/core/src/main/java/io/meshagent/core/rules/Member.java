package io.meshagent.core.rules;

import io.meshagent.core.api.TextHash;
import io.meshagent.core.config.Audience;

/** This program, as documents choose their programs and as its reports name it. Immutable. */
public final class Member {

  private final String id;
  private final String app;
  private final String version;
  private final long number;

  /**
   * @param id what no other program has
   * @param number the same, for hashing
   */
  public Member(String id, String app, String version, long number) {
    this.id = id;
    this.app = app;
    this.version = version;
    this.number = number;
  }

  String id() {
    return id;
  }

  String app() {
    return app;
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
