package io.meshagent.core.registry.etcd.lease;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.RegistrationStatus.Request;
import io.meshagent.core.registry.etcd.EtcdRegistry;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.run.Backoff;
import io.meshagent.core.run.TaskLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The entries of one registration: brings each to what is desired, under the lease that the
 * registration has just now, and looks from time to time whether it still is. Confined to the
 * registration's loop but for {@link #contains} and the two counts.
 */
final class OwnEntries {

  private static final long VERIFY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long VERIFY_SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Nobody's call depends on such an entry. */
  private static final long BESIDE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final EtcdRegistration owner;
  private final RegistrationTrouble trouble = new RegistrationTrouble();
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());

  /** A concurrent map only because events of others ask whether a key is in. */
  private final Map<String, OwnEntry> entries = new ConcurrentHashMap<>();

  private long verifiedAt;
  private boolean retryDue;
  private TaskLoop.Timer verification = TaskLoop.Timer.NONE;

  /** Volatile, as is the next: written by the loop, read by {@link EtcdRegistry#status}. */
  private volatile int desired;

  private volatile int registered;

  OwnEntries(EtcdOperations etcd, TaskLoop loop, EtcdRegistration owner) {
    this.etcd = etcd;
    this.loop = loop;
    this.owner = owner;
  }

  int desired() {
    return desired;
  }

  int registered() {
    return registered;
  }

  boolean contains(String key) {
    return entries.containsKey(key);
  }

  boolean isAnyWanted() {
    return entries.values().stream().anyMatch(entry -> entry.desired != null);
  }

  /**
   * @param leaving whether it is to be withdrawn soon
   */
  void want(String key, String value, boolean leaving) {
    OwnEntry entry = entries.computeIfAbsent(key, OwnEntry::new);
    entry.desired = value;
    entry.leaving = leaving;
    entry.yielded = false;
    reconcile(entry);
    settle();
  }

  /** As {@link #want} for one that the program is registered without. */
  void wantBeside(String key, String value) {
    entries.computeIfAbsent(key, OwnEntry::new).beside = true;
    want(key, value, false);
  }

  /** As {@link #wantBeside} for one that is given up under this lease once etcd refuses it. */
  void wantIfAllowed(String key, String value) {
    entries.computeIfAbsent(key, OwnEntry::new).ifAllowed = true;
    wantBeside(key, value);
  }

  void unwant(String key) {
    OwnEntry entry = entries.get(key);
    if (entry != null) {
      entry.desired = null;
      reconcile(entry);
      settle();
    }
  }

  /** Somebody changed the entry: if it should be there as we wrote it, that is looked after. */
  void seen(EtcdEntry change) {
    OwnEntry entry = entries.get(change.key());
    boolean ours = !change.isDeleted() && change.lease() == owner.lease();
    // Also while a put is under way: what happened after it may be told before its answer.
    if (entry != null && entry.desired != null && !ours) {
      verifySoon();
    }
  }

  /** There is a lease: everything is put on it. */
  void begin() {
    verifiedAt = loop.nanoTime();
    verifyAfter(VERIFY_NANOS);
    reconcileAll();
  }

  /** The lease is gone, and with it what we know. */
  void end() {
    verification.cancel();
    retryDue = false;
    for (OwnEntry entry : entries.values()) {
      entry.confirmed = null;
      entry.busy = false;
      entry.refused = false;
    }
    count();
  }

  /** There is a lease: what is not as it should be is seen to. */
  void reconcileAll() {
    retryDue = false;
    new ArrayList<>(entries.values()).forEach(this::reconcile);
    settle();
  }

  private void reconcile(OwnEntry entry) {
    if (entry.busy || entry.refused || !owner.hasLease()) {
      return;
    }
    if (entry.desired == null) {
      if (entry.mayBeThere) {
        delete(entry, 0);
      } else {
        entries.remove(entry.key);
      }
    } else if (!entry.isSettled()) {
      put(entry, 0);
    }
  }

  private void put(OwnEntry entry, long seenRevision) {
    put(entry, entry.desired, seenRevision);
  }

  private void put(OwnEntry entry, String value, long seenRevision) {
    entry.busy = true;
    entry.mayBeThere = true;
    entry.lease = owner.lease();
    etcd.put(
        entry.key,
        value,
        owner.lease(),
        seenRevision,
        owner.counted(
            Request.PUT,
            (inTheWay, failure) -> {
              entry.busy = false;
              if (failure != null) {
                failed(entry, failure);
              } else if (inTheWay == null) {
                entry.confirmed = value;
                done(entry);
              } else if (entry.desired == null && inTheWay.lease() == owner.lease()) {
                // The last word before the entry goes, that it drains: it has to be said.
                put(entry, value, inTheWay.revision());
              } else if (entry.desired == null || !value.equals(entry.desired)) {
                done(entry);
              } else if (inTheWay.lease() == owner.lease() && value.equals(inTheWay.value())) {
                // Written before, by a put whose answer was lost: nobody need be told of it again.
                entry.confirmed = value;
                done(entry);
              } else if (entry.isOlderThan(inTheWay, owner.lease())) {
                yieldTo(entry);
              } else {
                put(entry, inTheWay.revision());
              }
            }));
  }

  private void delete(OwnEntry entry, long seenRevision) {
    entry.busy = true;
    etcd.delete(
        entry.key,
        seenRevision,
        owner.here(
            (inTheWay, failure) -> {
              entry.busy = false;
              boolean ours = inTheWay != null && inTheWay.lease() == entry.lease;
              if (failure != null) {
                failed(entry, failure);
              } else if (ours && entry.desired == null) {
                delete(entry, inTheWay.revision());
              } else {
                // Gone, or somebody else's by now and theirs to delete.
                entry.mayBeThere = false;
                entry.confirmed = null;
                done(entry);
              }
            }));
  }

  private void done(OwnEntry entry) {
    backoff.reset();
    reconcile(entry);
    settle();
  }

  private void failed(OwnEntry entry, EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.LEASE_GONE) {
      owner.lost(failure.why());
      return;
    }
    if (entry.ifAllowed && failure.kind() == EtcdFailure.Kind.REFUSED && entry.confirmed == null) {
      entry.refused = true;
      return;
    }
    if (entry.beside) {
      if (!entry.ifAllowed) {
        trouble.ofReport(entry.key, failure);
      }
      TaskLoop.Timer unused = owner.after(BESIDE_NANOS, () -> reconcile(entry));
      return;
    }
    say(failure);
    if (!retryDue) {
      retryDue = true;
      TaskLoop.Timer unused =
          owner.after(backoff.nextNanos(failure.longestWaitNanos()), this::reconcileAll);
    }
  }

  private void yieldTo(OwnEntry entry) {
    entry.yielded = true;
    Log.warnOnce(
        "yielded " + entry.key,
        "another program that started later is registered as "
            + entry.key
            + "; this one's entry waits until that is gone (if both run, give one of them another"
            + " register.host)");
    settle();
  }

  /** Not more than once a second: two that claim one address must not chase each other. */
  void verifySoon() {
    if (owner.hasLease()) {
      verifyAfter(Math.max(0, VERIFY_SOON_NANOS - (loop.nanoTime() - verifiedAt)));
    }
  }

  private void verifyAfter(long nanos) {
    verification.cancel();
    long jittered = (long) (nanos * (0.8 + 0.2 * ThreadLocalRandom.current().nextDouble()));
    verification = owner.after(jittered, this::verify);
  }

  private void verify() {
    verifiedAt = loop.nanoTime();
    verifyAfter(VERIFY_NANOS);
    if (!owner.hasLease()) {
      return;
    }
    List<String> keys = new ArrayList<>();
    for (OwnEntry entry : entries.values()) {
      // Who may write a report need not have the right to read it.
      if (entry.desired != null && !entry.busy && !entry.beside) {
        keys.add(entry.key);
      }
    }
    if (!keys.isEmpty()) {
      etcd.read(keys, owner.here((found, failure) -> verified(keys, found, failure)));
    }
  }

  private void verified(List<String> keys, List<EtcdEntry> found, EtcdFailure failure) {
    if (failure != null || !owner.hasLease()) {
      return;
    }
    Map<String, EtcdEntry> byKey = new HashMap<>();
    found.forEach(entry -> byKey.put(entry.key(), entry));
    for (String key : keys) {
      OwnEntry entry = entries.get(key);
      if (entry == null || entry.busy || entry.desired == null) {
        continue;
      }
      EtcdEntry there = byKey.get(key);
      boolean asDesired =
          there != null && there.lease() == owner.lease() && there.value().equals(entry.desired);
      entry.confirmed = asDesired ? entry.desired : null;
      entry.yielded = there != null && !asDesired && entry.yielded;
      if (!asDesired && !(there != null && entry.isOlderThan(there, owner.lease()))) {
        put(entry, there == null ? 0 : there.revision());
      } else if (!asDesired) {
        yieldTo(entry);
      }
    }
    settle();
  }

  private void settle() {
    count();
    boolean all = entries.values().stream().allMatch(OwnEntry::isSettledOrBeside);
    if (all) {
      // Not before: of several keys some may be refused for ever, and that is one thing to say.
      trouble.ends();
    }
    owner.settled(all);
  }

  /** How many there should be and are; while nobody knows of the lease, none is known to be. */
  void count() {
    int wanted = 0;
    int there = 0;
    for (OwnEntry entry : entries.values()) {
      boolean counts = entry.desired != null && !entry.beside;
      wanted += counts ? 1 : 0;
      there += counts && entry.desired.equals(entry.confirmed) ? 1 : 0;
    }
    desired = wanted;
    registered = owner.hasLease() ? there : 0;
  }

  void say(EtcdFailure failure) {
    int staying = 0;
    for (OwnEntry entry : entries.values()) {
      staying += entry.desired != null && !entry.leaving && !entry.beside ? 1 : 0;
    }
    boolean unused = trouble.begins(failure, staying, registered);
  }
}
