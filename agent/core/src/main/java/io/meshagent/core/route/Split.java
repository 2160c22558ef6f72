package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The endpoints of one moment by the calls that use them. Immutable. */
final class Split {

  final Endpoints known;

  /** By clause of the rule. */
  final List<Group> groups;

  /** What calls use that meet no clause, or fall back; null if there can be none. */
  final Group rest;

  /** All that any of them uses. */
  final Endpoints used;

  Split(Endpoints known, List<Group> groups, Group rest) {
    this.known = known;
    this.groups = groups;
    this.rest = rest;
    this.used = union();
  }

  private Endpoints union() {
    if (known.state() == Endpoints.State.UNKNOWN) {
      return known;
    }
    Set<Endpoint> members = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Endpoints part : parts()) {
      members.addAll(part.list());
    }
    List<Endpoint> all = Kept.of(known.list(), members::contains);
    return all.size() == known.list().size() ? known : Endpoints.of(all);
  }

  /** Whether instances of some zones are left out, so that others may be reached if need be. */
  boolean hasZones() {
    return parts().stream().anyMatch(part -> part.zones() != null);
  }

  /** Those of each group and lane. */
  List<Endpoints> parts() {
    List<Group> all = new ArrayList<>(groups);
    if (rest != null) {
      all.add(rest);
    }
    List<Endpoints> parts = new ArrayList<>();
    for (Group group : all) {
      parts.add(group.open);
      parts.addAll(group.lanes.values());
    }
    return parts;
  }
}
