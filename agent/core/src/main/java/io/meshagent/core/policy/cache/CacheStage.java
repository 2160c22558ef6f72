package io.meshagent.core.policy.cache;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Response;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.policy.cache.CacheCounts.Result;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Answers calls by what is kept, has those wait that ask what another one asks already, and keeps
 * what comes. A call keeps its {@link Seat}; one that takes no part keeps nothing.
 */
final class CacheStage implements Stage {

  private static final String NAME = "cache";
  private static final String HEADER = "mesh-cache";
  private static final Wait WAIT =
      Wait.on("the answer to another call that asks the same (mesh-agent: client.cache)");

  /** The call has not come to an answer: the server is away, late, busy or broken. */
  private static final Set<Code> FAILURES =
      EnumSet.of(
          Code.UNAVAILABLE,
          Code.DEADLINE_EXCEEDED,
          Code.RESOURCE_EXHAUSTED,
          Code.INTERNAL,
          Code.UNKNOWN,
          Code.DATA_LOSS);

  private final KeepRule rule;
  private final long ttlNanos;
  private final long staleNanos;
  private final ResponseStore store;
  private final Flights flights;
  private final CacheCounts counts;
  private final LongSupplier nanoTime;

  /**
   * @param staleNanos 0 if nothing is given after its time to live
   */
  CacheStage(
      KeepRule rule,
      long ttlNanos,
      long staleNanos,
      ResponseStore store,
      Flights flights,
      CacheCounts counts,
      LongSupplier nanoTime) {
    this.rule = rule;
    this.ttlNanos = ttlNanos;
    this.staleNanos = staleNanos;
    this.store = store;
    this.flights = flights;
    this.counts = counts;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public boolean readsMessages() {
    return true;
  }

  @Override
  public boolean replacesOutcomes() {
    return staleNanos > 0;
  }

  @Override
  public boolean marksEveryCall() {
    return rule.looksAtAttempts();
  }

  @Override
  public Verdict enter(Call call) {
    Seat seat = (Seat) call.kept(this);
    if (seat != null) {
      return again(call, seat);
    }
    if (!rule.mayShare(call)) {
      counts.add(Result.BYPASSED);
      return null;
    }
    if (call.awaitsRequest() && call.canWait()) {
      return Wait.FOR_REQUEST;
    }
    CacheKey key = rule.key(call);
    if (key == null) {
      counts.add(Result.BYPASSED);
      return null;
    }
    KeptResponse fresh = fresh(key);
    return fresh == null ? board(call, key) : answer(fresh, Result.HIT);
  }

  private Verdict board(Call call, CacheKey key) {
    Seat seat = new Seat(call, key, counts.patienceNanos());
    call.keep(this, seat);
    flights.board(seat);
    if (seat.state == Seat.State.LEADS) {
      // Who led before may have come to its end between the look and this.
      KeptResponse fresh = fresh(key);
      if (fresh != null) {
        call.keep(this, null);
        seat.flight.land(fresh, false);
        return answer(fresh, Result.HIT);
      }
    }
    return again(call, seat);
  }

  private Verdict again(Call call, Seat seat) {
    if (seat.state == Seat.State.WAITING) {
      if (call.canWait()) {
        return WAIT;
      }
      seat.flight.standUp(seat);
    }
    if (seat.state == Seat.State.ANSWERED) {
      call.keep(this, null);
      return answer(seat.answer, seat.stale ? Result.STALE : Result.SHARED);
    }
    counts.add(Result.MISS);
    return null;
  }

  private KeptResponse fresh(CacheKey key) {
    KeptResponse known = store.get(key);
    long now = nanoTime.getAsLong();
    if (known == null || known.isFresh(now, ttlNanos)) {
      return known;
    }
    if (!known.isUsable(now, ttlNanos, staleNanos)) {
      store.remove(key, known);
    }
    return null;
  }

  /** What may be given to a call that has failed; null for nothing. */
  private KeptResponse usable(CacheKey key, Code code) {
    KeptResponse known = staleNanos > 0 && FAILURES.contains(code) ? store.get(key) : null;
    return known != null && known.isUsable(nanoTime.getAsLong(), ttlNanos, staleNanos)
        ? known
        : null;
  }

  private Answer answer(KeptResponse known, Result by) {
    counts.add(by);
    return Answer.of(NAME, known.response())
        .withHeader(HEADER, by == Result.STALE ? "stale" : "hit");
  }

  @Override
  public void sending(Call call) {
    Seat seat = (Seat) call.kept(this);
    if (seat != null && !seat.secret && isOfItsOwn(call, seat)) {
      seat.secret = true;
      if (seat.state == Seat.State.LEADS) {
        seat.flight.scatter();
      }
    }
  }

  private boolean isOfItsOwn(Call call, Seat seat) {
    return rule.findsCredentials(call, "client.cache.ttl")
        || rule.findsHeaders(call, seat.key, "client.cache.ttl");
  }

  @Override
  public Outcome replace(Call call, Outcome outcome) {
    Seat seat = (Seat) call.kept(this);
    if (seat == null || outcome.answer() != null || seat.secret || call.hasDelivered()) {
      return outcome;
    }
    KeptResponse known = usable(seat.key, outcome.code());
    return known == null ? outcome : Outcome.of(answer(known, Result.STALE));
  }

  @Override
  public void abandoned(Call call) {
    Seat seat = (Seat) call.kept(this);
    if (seat != null) {
      call.keep(this, null);
      seat.flight.leave(seat);
    }
  }

  @Override
  public void leave(Call call) {
    Seat seat = (Seat) call.kept(this);
    if (seat == null) {
      return;
    }
    call.keep(this, null);
    Outcome outcome = call.outcome();
    KeptResponse made = seat.secret ? null : made(call, outcome);
    if (made != null) {
      store.put(seat.key, made);
      counts.answered(call.elapsedNanos());
    }
    if (seat.state != Seat.State.LEADS) {
      if (made != null && seat.flight != null) {
        // It took long, and others went meanwhile: it is the first that has an answer.
        seat.flight.land(made, false);
      }
      return;
    }
    KeptResponse stale = made == null ? usable(seat.key, outcome.code()) : null;
    if (made != null || stale != null) {
      seat.flight.land(made == null ? stale : made, made == null);
    } else if (FAILURES.contains(outcome.code()) || outcome.code() == Code.CANCELLED) {
      seat.flight.leave(seat);
    } else {
      // An answer that is for this call alone: the others get theirs as fast as without all this.
      seat.flight.scatter();
    }
  }

  private KeptResponse made(Call call, Outcome outcome) {
    Response response =
        outcome.code() == Code.OK && outcome.answer() == null ? call.response() : null;
    return response == null ? null : rule.kept(response, nanoTime.getAsLong());
  }

  /** Nothing is given to anybody, and nobody waits; what comes is kept, to know what would be. */
  @Override
  public Verdict observed(Call call) {
    CacheKey key = rule.mayShare(call) ? rule.key(call) : null;
    if (key == null) {
      counts.add(Result.BYPASSED);
      return null;
    }
    KeptResponse fresh = fresh(key);
    if (fresh != null) {
      return answer(fresh, Result.HIT);
    }
    counts.add(Result.MISS);
    KeptResponse made = made(call, call.outcome());
    if (made != null) {
      store.put(key, made);
    }
    return null;
  }
}
