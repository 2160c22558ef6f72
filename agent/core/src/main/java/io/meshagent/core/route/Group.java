package io.meshagent.core.route;

import io.meshagent.core.api.Endpoints;
import java.util.Collections;
import java.util.Map;

/** The endpoints that calls of one kind use: outside of lanes, and by lane. Immutable. */
final class Group {

  /** How many there are, before a subset was taken. */
  final int known;

  final Endpoints open;

  /** By the value of the label; empty where lanes don't count. */
  final Map<String, Endpoints> lanes;

  Group(int known, Endpoints open, Map<String, Endpoints> lanes) {
    this.known = known;
    this.open = open;
    this.lanes = Collections.unmodifiableMap(lanes);
  }
}
