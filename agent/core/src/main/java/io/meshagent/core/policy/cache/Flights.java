package io.meshagent.core.policy.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What is being asked just now. As many as there are calls under way that lead. Thread-safe. */
final class Flights {

  private final ConcurrentMap<CacheKey, Flight> byKey = new ConcurrentHashMap<>();

  /**
   * Gives a call its place: it leads if nobody asks the same just now, and waits if somebody does
   * and it can; else it is alone.
   */
  void board(Seat seat) {
    while (true) {
      Flight known = byKey.get(seat.key);
      if (known == null) {
        Flight own = new Flight(this, seat);
        if (byKey.putIfAbsent(seat.key, own) == null) {
          return;
        }
        seat.flight = null;
        seat.state = Seat.State.ALONE;
      } else if (!seat.call.canWait() || known.join(seat)) {
        return;
      } else {
        over(seat.key, known);
      }
    }
  }

  void over(CacheKey key, Flight flight) {
    byKey.remove(key, flight);
  }

  int size() {
    return byKey.size();
  }
}
