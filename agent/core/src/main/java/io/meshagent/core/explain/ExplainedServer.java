package io.meshagent.core.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A server of this program that serves a method, or may, and how it stands. Immutable. */
public final class ExplainedServer {

  private final List<String> listens;
  private final String scheme;
  private final boolean governed;
  private final boolean stopping;
  private final String place;
  private final String state;

  /**
   * @param listens where, with real ports
   * @param scheme {@code http} or {@code https}; null where it is not known
   * @param governed whether it can be reached by network, so that policies apply to its calls
   * @param stopping whether it shuts down, or has
   * @param place host and port that it is to be registered under; null for none yet
   * @param state of the entry of its service, one word in small letters; null for none
   */
  public ExplainedServer(
      List<String> listens,
      String scheme,
      boolean governed,
      boolean stopping,
      String place,
      String state) {
    this.listens = Collections.unmodifiableList(new ArrayList<>(listens));
    this.scheme = scheme;
    this.governed = governed;
    this.stopping = stopping;
    this.place = place;
    this.state = state;
  }

  List<String> listens() {
    return listens;
  }

  /** Null where it is not known. */
  String scheme() {
    return scheme;
  }

  boolean isGoverned() {
    return governed;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Null for none yet. */
  String place() {
    return place;
  }

  /** Null for none. */
  String state() {
    return state;
  }

  /** For people. */
  @Override
  public String toString() {
    return listens.isEmpty() ? "the server" : "the server on " + String.join(", ", listens);
  }
}
