package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A list without what does not fit; the same list, and no copy, where all do. Stateless. */
final class Kept {

  private Kept() {}

  static List<Endpoint> of(List<Endpoint> from, Predicate<Endpoint> fits) {
    int size = from.size();
    int first = 0;
    while (first < size && fits.test(from.get(first))) {
      first++;
    }
    if (first == size) {
      return from;
    }
    List<Endpoint> kept = new ArrayList<>(from.subList(0, first));
    for (int i = first + 1; i < size; i++) {
      Endpoint endpoint = from.get(i);
      if (fits.test(endpoint)) {
        kept.add(endpoint);
      }
    }
    return kept;
  }
}
