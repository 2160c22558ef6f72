package io.meshagent.core.api;

/** The side of a call that a policy or a metric is about. */
public enum Side {
  CLIENT,
  SERVER;

  /** The word that metrics, settings and messages use: {@code client} or {@code server}. */
  public String word() {
    return this == CLIENT ? "client" : "server";
  }
}
