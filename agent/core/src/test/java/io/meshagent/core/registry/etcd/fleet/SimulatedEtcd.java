package io.meshagent.core.registry.etcd.fleet;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.fleet.EtcdLoad.What;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An etcd that is numbers: it does one thing after the other, each takes its time, and who waits
 * for more than the deadline gets no answer though it is done. What things take is assumed, for a
 * machine that does nothing else; {@link RealFleet} is what it is held against. Confined to one
 * thread.
 */
final class SimulatedEtcd implements EtcdOperations {

  private static final long SECOND = 1_000_000_000L;

  /** Frames and headers of a request and its answer, as seen on a wire. */
  private static final int AROUND = 110;

  private static final double REQUEST_NANOS = 60_000;
  private static final double KEY_COUNTED_NANOS = 100;
  private static final double KEY_READ_NANOS = 1_000;
  private static final double EVENT_NANOS = 4_000;

  private final FleetClock clock;
  private final EtcdLoad load;
  private final TreeMap<String, EtcdEntry> entries = new TreeMap<>();

  /** At which revision each key came; the pages of a list are of one moment. */
  private final Map<String, Long> created = new HashMap<>();

  private final Map<Long, Long> leases = new HashMap<>();

  /** By prefix. */
  private final Map<String, Set<OneWatch>> watches = new TreeMap<>();

  /** Pages of this revision: those who list at the same time share them, or it would take hours. */
  private final Map<PageOf, RangeResult> pages = new HashMap<>();

  private long pagesAt;
  private final List<EtcdEntry> history = new ArrayList<>();
  private long revision = 1;
  private long lastLease = 1;
  private long busyUntil;
  private long life;
  private boolean away;

  SimulatedEtcd(FleetClock clock, EtcdLoad load) {
    this.clock = clock;
    this.load = load;
    expire();
  }

  private void expire() {
    if (!away) {
      List<Long> over = new ArrayList<>();
      leases.forEach(
          (lease, end) -> {
            if (end < clock.now()) {
              over.add(lease);
            }
          });
      over.forEach(this::end);
    }
    clock.after(SECOND, this::expire);
  }

  private void end(long lease) {
    leases.remove(lease);
    List<String> keys = new ArrayList<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.lease() == lease) {
            keys.add(key);
          }
        });
    keys.forEach(this::remove);
  }

  /** From now on nobody is answered, and watches end. */
  void goAway() {
    away = true;
    life++;
    List<OneWatch> cut = new ArrayList<>();
    watches.values().forEach(cut::addAll);
    watches.clear();
    cut.forEach(each -> clock.execute(() -> each.watcher.ended(down())));
  }

  /**
   * @param wiped whether all is forgotten
   */
  void comeBack(boolean wiped) {
    away = false;
    busyUntil = clock.now();
    if (wiped) {
      entries.clear();
      leases.clear();
      history.clear();
      revision = 1;
    }
    leases.replaceAll((lease, end) -> clock.now() + 15 * SECOND);
  }

  int size() {
    return entries.size();
  }

  /** Entries of others, which are not in this fleet. */
  void fill(int count) {
    for (int each = 0; each < count; each++) {
      String key = "/services/shop.orders.v1.Service" + each % 200 + "/10.9.0." + each + ":50051";
      write(new EtcdEntry(key, "x".repeat(240), 0, ++revision));
    }
  }

  private static EtcdFailure down() {
    return new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");
  }

  /** What becomes of one request, how many bytes beside the usual ones, and how long it takes. */
  private record Done<T>(T value, EtcdFailure failure, long bytes, double nanos) {}

  private <T> void ask(What what, Reply<T> answer, Supplier<Done<T>> work) {
    if (away) {
      clock.after(1_000_000, () -> answer.arrived(null, down()));
      return;
    }
    Done<T> done = work.get();
    double nanos = REQUEST_NANOS + done.nanos;
    busyUntil = Math.max(busyUntil, clock.now()) + (long) nanos;
    load.add(what, AROUND + done.bytes, nanos, busyUntil);
    long wait = busyUntil - clock.now();
    long asked = life;
    if (wait > DEADLINE_SECONDS * SECOND) {
      EtcdFailure silent = new EtcdFailure(EtcdFailure.Kind.SILENT, "no answer in time");
      clock.after(DEADLINE_SECONDS * SECOND, () -> answer.arrived(null, silent));
    } else {
      clock.after(
          wait + 500_000,
          () -> {
            boolean lost = asked != life;
            answer.arrived(lost ? null : done.value, lost ? down() : done.failure);
          });
    }
  }

  private void write(EtcdEntry entry) {
    EtcdEntry before = entries.put(entry.key(), entry);
    if (before == null) {
      created.put(entry.key(), entry.revision());
    }
    tell(before == null ? entry.asNew() : entry);
  }

  private void remove(String key) {
    entries.remove(key);
    tell(new EtcdEntry(key, null, 0, ++revision));
  }

  private static int bytes(EtcdEntry entry) {
    return entry.key().length() + (entry.value() == null ? 0 : entry.value().length()) + 30;
  }

  private void tell(EtcdEntry change) {
    history.add(change);
    watches.forEach(
        (prefix, all) -> {
          if (change.key().startsWith(prefix)) {
            List<EtcdEntry> changes = List.of(change);
            all.forEach(each -> each.tell(changes));
          }
        });
  }

  private final class OneWatch implements Stream {
    private final String prefix;
    private final Watcher watcher;

    OneWatch(String prefix, Watcher watcher) {
      this.prefix = prefix;
      this.watcher = watcher;
    }

    private void tell(List<EtcdEntry> changes) {
      long size = 50;
      for (EtcdEntry each : changes) {
        size += bytes(each);
      }
      double nanos = EVENT_NANOS * changes.size();
      busyUntil = Math.max(busyUntil, clock.now()) + (long) nanos;
      load.add(What.EVENT, size, nanos, busyUntil);
      watcher.changed(changes, false);
    }

    @Override
    public void requestProgress() {
      if (watches.getOrDefault(prefix, Set.of()).contains(this)) {
        load.add(What.PROGRESS, 66, REQUEST_NANOS / 4, clock.now());
        clock.after(500_000, watcher::progressed);
      }
    }

    @Override
    public void next() {}

    @Override
    public void cancel() {
      watches.getOrDefault(prefix, new HashSet<>()).remove(this);
    }
  }

  @Override
  public Stream watch(String prefix, long from, Watcher watcher) {
    OneWatch watch = new OneWatch(prefix, watcher);
    this.<Boolean>ask(
        What.WATCH,
        (value, failure) -> {
          if (failure != null) {
            watcher.ended(failure);
            return;
          }
          watches.computeIfAbsent(prefix, none -> new LinkedHashSet<>()).add(watch);
          watcher.created(revision);
          List<EtcdEntry> missed = new ArrayList<>();
          for (int at = history.size() - 1; at >= 0 && from > 0; at--) {
            EtcdEntry each = history.get(at);
            if (each.revision() < from) {
              break;
            }
            if (each.key().startsWith(prefix)) {
              missed.add(0, each);
            }
          }
          if (!missed.isEmpty()) {
            watch.tell(missed);
          }
        },
        () -> new Done<>(true, null, 60, 0));
    return watch;
  }

  @Override
  public void grant(long ttlSeconds, Reply<EtcdLease> answer) {
    ask(
        What.WRITE,
        answer,
        () -> {
          leases.put(++lastLease, clock.now() + ttlSeconds * SECOND);
          return new Done<>(new EtcdLease(lastLease, ttlSeconds), null, 50, 0);
        });
  }

  @Override
  public void renew(long lease, Reply<Long> answer) {
    ask(
        What.RENEW,
        answer,
        () -> {
          boolean lives = leases.replace(lease, clock.now() + 15 * SECOND) != null;
          return new Done<>(lives ? 15L : 0L, null, 50, 0);
        });
  }

  @Override
  public void revoke(long lease, Reply<Boolean> answer) {
    ask(
        What.WRITE,
        answer,
        () -> {
          end(lease);
          return new Done<>(true, null, 50, 0);
        });
  }

  private EtcdEntry inTheWay(String key, long seen) {
    EtcdEntry there = entries.get(key);
    if (there == null) {
      return seen == 0 ? null : new EtcdEntry(key, null, 0, 0);
    }
    return there.revision() == seen ? null : there;
  }

  @Override
  public void put(String key, String value, long lease, long seen, Reply<EtcdEntry> answer) {
    ask(
        What.WRITE,
        answer,
        () -> {
          long bytes = 3L * key.length() + value.length() + 60;
          if (!leases.containsKey(lease)) {
            EtcdFailure gone = new EtcdFailure(EtcdFailure.Kind.LEASE_GONE, "not found");
            return new Done<>(null, gone, bytes, 0);
          }
          EtcdEntry other = inTheWay(key, seen);
          if (other == null) {
            write(new EtcdEntry(key, value, lease, ++revision));
          }
          return new Done<>(other, null, bytes + (other == null ? 0 : bytes(other)), 0);
        });
  }

  @Override
  public void delete(String key, long seen, Reply<EtcdEntry> answer) {
    ask(
        What.WRITE,
        answer,
        () -> {
          EtcdEntry other = inTheWay(key, seen);
          if (other == null && entries.containsKey(key)) {
            remove(key);
          }
          long bytes = 3L * key.length() + 60 + (other == null ? 0 : bytes(other));
          return new Done<>(other, null, bytes, 0);
        });
  }

  @Override
  public void read(Collection<String> keys, Reply<List<EtcdEntry>> answer) {
    ask(
        What.READ,
        answer,
        () -> {
          List<EtcdEntry> found =
              keys.stream().filter(entries::containsKey).map(entries::get).toList();
          long bytes = 60;
          for (String key : keys) {
            bytes += key.length() + 12;
          }
          for (EtcdEntry each : found) {
            bytes += bytes(each) + 30;
          }
          return new Done<>(found, null, bytes, KEY_READ_NANOS * keys.size());
        });
  }

  private NavigableMap<String, EtcdEntry> below(String prefix, byte[] from) {
    String begin = from == null ? prefix : new String(from, StandardCharsets.UTF_8);
    return entries.subMap(begin, true, prefix + '\uffff', false);
  }

  @Override
  public void list(String prefix, byte[] from, long at, int limit, Reply<RangeResult> answer) {
    ask(
        What.LIST,
        answer,
        () -> {
          RangeResult page = page(prefix, from, at, limit);
          double nanos = KEY_READ_NANOS * page.entries().size() + KEY_COUNTED_NANOS * page.count();
          return new Done<>(page, null, page.bytes(), nanos);
        });
  }

  private record PageOf(String prefix, String from, long at, int limit) {}

  private RangeResult page(String prefix, byte[] from, long at, int limit) {
    if (pagesAt != revision) {
      pagesAt = revision;
      pages.clear();
    }
    String begin = from == null ? "" : new String(from, StandardCharsets.UTF_8);
    return pages.computeIfAbsent(
        new PageOf(prefix, begin, at, limit), asked -> pageAfresh(prefix, from, at, limit));
  }

  private RangeResult pageAfresh(String prefix, byte[] from, long at, int limit) {
    NavigableMap<String, EtcdEntry> all = below(prefix, from);
    List<EtcdEntry> page = new ArrayList<>();
    int bytes = 40;
    for (EtcdEntry each : all.values()) {
      if (page.size() == limit) {
        break;
      }
      if (at == 0 || created.get(each.key()) <= at) {
        page.add(each);
        bytes += bytes(each);
      }
    }
    String last = page.isEmpty() ? "" : page.get(page.size() - 1).key();
    boolean more = !page.isEmpty() && all.higherKey(last) != null;
    byte[] next = more ? (last + '\0').getBytes(StandardCharsets.UTF_8) : null;
    return new RangeResult(page, revision, next, bytes, all.size());
  }

  @Override
  public void listKey(String prefix, byte[] from, long at, Reply<RangeResult> answer) {
    ask(
        What.CHECK,
        answer,
        () -> {
          int count = prefix.equals("/services/") ? services() : below(prefix, from).size();
          RangeResult page = new RangeResult(List.of(), revision, null, 100, count);
          return new Done<>(page, null, 140, KEY_COUNTED_NANOS * count);
        });
  }

  private long countedAt = -1;
  private int services;

  /** Counting takes time here, too, so it is done once a revision. */
  private int services() {
    if (countedAt != revision) {
      countedAt = revision;
      services = below("/services/", null).size();
    }
    return services;
  }

  @Override
  public void reconnect() {}

  @Override
  public void close() {}
}
